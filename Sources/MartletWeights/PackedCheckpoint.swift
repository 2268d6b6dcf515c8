package import MartletTensor

/// The weights of a model as the kernels read them, in one safetensors file: mapped, and used where
/// they lie.
///
/// A matrix is a tensor of bytes whose metadata says how they are packed; the matrices come first,
/// and each begins at a multiple of 64 bytes. Vectors follow in fp32. Matrices that are computed as
/// one are stored as one, and their names are joined by `+`. Panels are the same for all instruction
/// sets, so one file serves every machine of little-endian byte order.
package struct PackedCheckpoint: Sendable {
    /// Within a model's directory. No other program takes it for plain weights.
    package static let fileName = "packed.safetensors"
    /// Changes with every change of what a packed matrix's bytes mean.
    package static let layoutVersion = 1
    /// What is written of the whole file into its metadata.
    enum MetadataKey {
        static let layout = "martlet.layout"
        static let dtype = "martlet.dtype"
        static let quantization = "martlet.quantization"
    }

    package let path: String
    /// The type of what is not quantized, and of activations' rounding.
    package let dtype: DType
    /// How the weights were quantized, by the name it was written with.
    package let quantization: String
    private let metadata: [String: String]
    private let tensors: [String: StoredTensor]

    /// Opens the packed checkpoint in `directory`.
    ///
    /// - Throws: ``WeightsError`` naming the file, and the tensor where there is one.
    package init(directory: String) throws(WeightsError) {
        path = directory + "/" + Self.fileName
        let file = try MappedFile(path: path)
        let header = try SafetensorsHeader(parsing: file.bytes, file: path)
        metadata = header.metadata
        let layout = metadata[MetadataKey.layout] ?? "(none)"
        guard layout == String(Self.layoutVersion) else {
            throw .unknownLayout(file: path, found: layout, supported: Self.layoutVersion)
        }
        guard let dtype = metadata[MetadataKey.dtype].flatMap(DType.init(rawValue:)),
            DType.weightTypes.contains(dtype)
        else { throw .malformedHeader(file: path, reason: "no type of weights in its metadata") }
        self.dtype = dtype
        quantization = metadata[MetadataKey.quantization] ?? ""
        var tensors: [String: StoredTensor] = [:]
        for entry in header.entries { tensors[entry.name] = StoredTensor(entry, in: file) }
        self.tensors = tensors
    }

    /// Bytes of all tensors together.
    package var byteCount: Int { tensors.values.reduce(0) { $0 + $1.byteCount } }

    /// Whether there is a tensor `name`.
    package func has(_ name: String) -> Bool { tensors[name] != nil }

    /// The matrix `name`, in the memory of the mapped file.
    ///
    /// - Throws: ``WeightsError/missingTensor(file:tensor:)``,
    ///   ``WeightsError/wrongShape(file:tensor:expected:found:)``,
    ///   ``WeightsError/malformedTensor(file:tensor:reason:)``.
    package func matrix(
        _ name: String, outputs: Int, inputs: Int
    ) throws(WeightsError) -> PackedMatrix {
        guard let tensor = tensors[name] else { throw .missingTensor(file: path, tensor: name) }
        func malformed(_ reason: String) -> WeightsError {
            .malformedTensor(file: path, tensor: name, reason: reason)
        }
        guard let layout = metadata[name].flatMap(PackedLayout.init(name:)) else {
            throw malformed("nothing that can be read says how it is packed")
        }
        guard layout.outputCount == outputs, layout.inputCount == inputs else {
            throw .wrongShape(
                file: path, tensor: name, expected: [outputs, inputs],
                found: [layout.outputCount, layout.inputCount])
        }
        do throws(TensorError) {
            return try tensor.packedMatrix(layout)
        } catch {
            throw malformed("\(error)")
        }
    }

    /// The vector `name`.
    ///
    /// - Throws: ``WeightsError/missingTensor(file:tensor:)``,
    ///   ``WeightsError/wrongShape(file:tensor:expected:found:)``.
    package func floats(_ name: String, count: Int) throws(WeightsError) -> [Float] {
        guard let tensor = tensors[name] else { throw .missingTensor(file: path, tensor: name) }
        guard tensor.shape == [count] else {
            throw .wrongShape(file: path, tensor: name, expected: [count], found: tensor.shape)
        }
        return try tensor.floats()
    }
}
