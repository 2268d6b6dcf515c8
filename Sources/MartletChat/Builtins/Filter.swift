/// The filters, by their names in templates.
enum Filter: String, Sendable {
    case abs, attr, batch, capitalize, center, count, d, `default`, dictsort, e, escape
    case filesizeformat, first, float, forceescape, format, groupby, indent, int, items, join, last
    case length, list, lower, map, max, min, reject, rejectattr, replace, reverse, round, safe
    case select, selectattr, slice, sort, string, sum, title, tojson, trim, truncate, unique
    case upper, urlencode, wordcount, xmlattr
}
