extension Tokenizer {
    /// The text of token ids. Ids that no token has are passed over; bytes that are no UTF-8
    /// become U+FFFD.
    ///
    /// - Parameter skipSpecialTokens: whether special tokens are left out.
    package func decode(_ ids: some Sequence<Int32>, skipSpecialTokens: Bool) -> String {
        if let table = storage.byteTable {
            var bytes: [UInt8] = []
            bytes.reserveCapacity(ids.underestimatedCount * 4)
            for id in ids where keeps(id, skipSpecialTokens) { table.append(id, to: &bytes) }
            return String(decoding: bytes, as: UTF8.self)
        }
        var pipeline = DecodingPipeline(steps: storage.decoderSteps)
        var text = ""
        for id in ids where keeps(id, skipSpecialTokens) {
            text += pipeline.append(decodedPiece(of: id))
        }
        return text + pipeline.finish()
    }

    /// The text of one token alone: U+FFFD for a part of a character.
    package func text(of id: Int32) -> String {
        decode(CollectionOfOne(id), skipSpecialTokens: false)
    }

    /// The exact bytes that a token adds to a text.
    package func bytes(of id: Int32) -> [UInt8] {
        if let table = storage.byteTable { return Array(table[id]) }
        guard keeps(id, false) else { return [] }
        var piece = decodedPiece(of: id)
        for step in storage.decoderSteps {
            switch step {
            case .byteFallback:
                if let byte = DecoderStep.fallbackByte(piece) { return [byte] }
            case .byteLevel: return ByteAlphabet.decode(piece[...])
            // What follows works on the whole text, not on tokens.
            case .fuse, .joinWithSpaces: return piece
            case .replace, .strip, .metaspace: piece = step.apply(to: piece, isFirst: false)
            }
        }
        return piece
    }

    /// Whether an id takes part in decoding.
    @inline(__always)
    func keeps(_ id: Int32, _ skipSpecialTokens: Bool) -> Bool {
        guard id >= 0, Int(id) < storage.kinds.count else { return false }
        switch storage.kinds[Int(id)] {
        case .none: return false
        case .plain: return true
        case .special: return !skipSpecialTokens
        }
    }

    /// What decoding starts from: the content of an added token or the piece of the vocabulary.
    func decodedPiece(of id: Int32) -> [UInt8] {
        storage.decodedPiece(of: id) ?? []
    }
}
