extension ScalarSet {
    /// The classes of scalars that are equal when case is ignored, by member. Scalars without
    /// such a partner are absent.
    ///
    /// Two scalars are equal when their simple case folding is, which the lowercase of the
    /// uppercase yields. The dotted and dotless i are left out, as Unicode's common folding does.
    private static let foldingClasses: [UInt32: [UInt32]] = {
        var members: [UInt32: [UInt32]] = [:]
        for value: UInt32 in 0...0x1FFFF where value != 0x130 && value != 0x131 {
            guard let scalar = Unicode.Scalar(value), scalar.value < 0x80 || isCased(scalar)
            else { continue }
            members[fold(scalar), default: []].append(value)
        }
        var classes: [UInt32: [UInt32]] = [:]
        for group in members.values where group.count > 1 {
            for member in group { classes[member] = group }
        }
        return classes
    }()

    private static func isCased(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        return properties.changesWhenLowercased || properties.changesWhenUppercased
            || properties.changesWhenTitlecased || properties.isCased
    }

    private static func fold(_ scalar: Unicode.Scalar) -> UInt32 {
        let upper = only(scalar.properties.uppercaseMapping) ?? scalar
        return (only(upper.properties.lowercaseMapping) ?? upper).value
    }

    private static func only(_ mapping: String) -> Unicode.Scalar? {
        let scalars = mapping.unicodeScalars
        return scalars.count == 1 ? scalars.first : nil
    }

    /// The set with every scalar added that equals a member when case is ignored.
    var ignoringCase: ScalarSet {
        var added: [ClosedRange<UInt32>] = []
        for (member, group) in Self.foldingClasses where contains(member) {
            added += group.map { $0...$0 }
        }
        return union(ScalarSet(added))
    }
}
