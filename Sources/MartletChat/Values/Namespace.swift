/// An object whose attributes templates may set.
final class Namespace: Clearable {
    var attributes: MappingBuilder

    init(_ attributes: MappingBuilder) { self.attributes = attributes }

    func clear() { attributes = MappingBuilder() }
}

/// An object that can be part of a reference cycle and gives up its references on request.
protocol Clearable: AnyObject {
    func clear()
}
