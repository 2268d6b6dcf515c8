import MartletJSON

/// What a tokenizer.json holds: its small members as JSON, vocabulary and merges unpacked.
struct TokenizerDocument {
    let file: String
    /// The members of the document, without the vocabulary and merges of its model.
    var members: [(name: String, value: JSONValue)] = []
    var vocabulary = Vocabulary()
    var merges = MergeList()
    /// Whether the file has them at all.
    var hasVocabulary = false
    var hasMerges = false

    init(file: String) {
        self.file = file
    }

    var root: TokenizerField {
        TokenizerField(file: file, path: "", value: JSONValue(members: members))
    }

    private func invalid(_ field: String, _ reason: String) -> TokenizerError {
        .invalid(file: file, field: field, reason: reason)
    }

    private func checkedID(_ value: Int, _ name: String) throws(TokenizerError) -> Int32 {
        guard (0...Vocabulary.maximumID).contains(value) else {
            throw invalid("model.vocab", "'\(name)' has the id \(value), which is out of range")
        }
        return Int32(value)
    }
}

// MARK: - From a tree

extension TokenizerDocument {
    init(_ value: JSONValue, file: String) throws(TokenizerError) {
        self.init(file: file)
        guard let all = value.members else {
            throw invalid("document", "expected an object, found \(value.kind)")
        }
        members = all.filter { $0.name != "model" }
        guard let model = value["model"] else { return }
        let rest = model.members?.filter { $0.name != "vocab" && $0.name != "merges" }
        members.append(("model", rest.map { JSONValue(members: $0) } ?? model))
        guard model["type"] == nil || model["type"]?.string == "BPE" else { return }
        if let vocab = model["vocab"] { try readVocabulary(vocab) }
        if let merges = model["merges"] { try readMerges(merges) }
    }

    private mutating func readVocabulary(_ value: JSONValue) throws(TokenizerError) {
        guard let pieces = value.members else {
            throw invalid("model.vocab", "expected an object, found \(value.kind)")
        }
        hasVocabulary = true
        for (name, value) in pieces {
            guard let id = value.integer else {
                throw invalid("model.vocab", "'\(name)' has \(value.kind) for an id")
            }
            let checked = try checkedID(id, name)
            Array(name.utf8).withUnsafeBufferPointer { vocabulary.insert($0, id: checked) }
        }
    }

    private mutating func readMerges(_ value: JSONValue) throws(TokenizerError) {
        guard let array = value.array else {
            throw invalid("model.merges", "expected an array, found \(value.kind)")
        }
        hasMerges = true
        for (index, element) in array.enumerated() {
            if let line = element.string {
                if isVersionLine(Array(line.utf8)) { continue }
                guard Array(line.utf8).withUnsafeBufferPointer({ merges.append(line: $0) })
                else { throw invalid("model.merges[\(index)]", "expected two pieces") }
            } else if let pair = element.array, pair.count == 2, let left = pair[0].string,
                let right = pair[1].string
            {
                Array(left.utf8).withUnsafeBufferPointer { merges.append($0) }
                Array(right.utf8).withUnsafeBufferPointer { merges.append($0) }
            } else {
                throw invalid("model.merges[\(index)]", "expected two pieces")
            }
        }
    }

    private func isVersionLine(_ line: some Collection<UInt8>) -> Bool {
        line.starts(with: "#version".utf8)
    }
}

// MARK: - From text

extension TokenizerDocument {
    /// Reads the text of a tokenizer.json without building a tree of the vocabulary.
    init(parsing bytes: UnsafeBufferPointer<UInt8>, file: String) throws(TokenizerError) {
        self.init(file: file)
        var reader = JSONReader(bytes)
        do throws(JSONError) {
            try reader.enterObject()
            while let name = try reader.nextMember() {
                if name == "model", reader.nextValue(beginsWith: "{") {
                    members.append((name, try readModel(&reader)))
                } else {
                    members.append((name, try reader.readValue()))
                }
            }
            try reader.finish()
        } catch {
            throw .malformed(file: file, error)
        }
    }

    /// Reads the model. Vocabularies of other shapes, which other kinds of models have, are
    /// passed over: the kind is what will be refused.
    private mutating func readModel(
        _ reader: inout JSONReader
    ) throws(JSONError) -> JSONValue {
        var rest: [(name: String, value: JSONValue)] = []
        try reader.enterObject()
        while let name = try reader.nextMember() {
            if name == "vocab", reader.nextValue(beginsWith: "{") {
                try readVocabulary(&reader)
            } else if name == "merges", reader.nextValue(beginsWith: "[") {
                try readMerges(&reader)
            } else {
                rest.append((name, try reader.readValue()))
            }
        }
        return JSONValue(members: rest)
    }

    private mutating func readVocabulary(_ reader: inout JSONReader) throws(JSONError) {
        vocabulary = Vocabulary()
        hasVocabulary = true
        var piece: [UInt8] = []
        try reader.enterObject()
        while try reader.nextMember({
            piece.removeAll(keepingCapacity: true)
            piece.append(contentsOf: $0)
        }) {
            let offset = reader.offset
            let id = try reader.readInteger()
            guard (0...Vocabulary.maximumID).contains(id) else {
                throw JSONError(offset: offset, reason: "model.vocab: id \(id) is out of range")
            }
            piece.withUnsafeBufferPointer { vocabulary.insert($0, id: Int32(id)) }
        }
    }

    private mutating func readMerges(_ reader: inout JSONReader) throws(JSONError) {
        merges = MergeList()
        hasMerges = true
        var index = 0
        try reader.enterArray()
        while try reader.nextElement() {
            defer { index += 1 }
            let offset = reader.offset
            var count = 0
            if reader.nextValue(beginsWith: "\"") {
                try reader.readStringBytes { line in
                    if isVersionLine(line) || merges.append(line: line) {
                        count = 2
                    }
                }
            } else {
                try reader.enterArray()
                while try reader.nextElement() {
                    try reader.readStringBytes { if count < 2 { merges.append($0) } }
                    count += 1
                }
            }
            guard count == 2 else {
                throw JSONError(
                    offset: offset, reason: "model.merges[\(index)]: expected two pieces")
            }
        }
    }
}
