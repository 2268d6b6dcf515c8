import Foundation
import MartletWeights
import Testing

/// A checkpoint written by the safetensors library; see Tools/goldens/models_files.py.
@Suite struct ReferenceCheckpointTests {
    private let directory = Bundle.module.resourceURL!.appending(path: "Fixtures/reference").path

    @Test func `f32, f16 and bf16 tensors read as the numbers they are`() throws {
        let checkpoint = try Checkpoint(directory: directory)
        let data = try Data(contentsOf: URL(filePath: directory + "/values.json"))
        let values = try #require(
            try JSONSerialization.jsonObject(with: data) as? [String: [Any]])
        #expect(values.count == 6)
        for (name, expected) in values {
            let shape = name.hasSuffix("matrix") ? [3, 5] : [7]
            let floats = try checkpoint.tensor(name, shape: shape).floats()
            let numbers = expected.map { value in
                (value as? NSNumber)?.floatValue ?? (value is String ? Float.infinity : .nan)
            }
            #expect(floats == numbers, "\(name)")
        }
    }

    @Test func `tensors of other types are listed, and refused when used`() throws {
        let checkpoint = try Checkpoint(directory: directory)
        #expect(checkpoint.tensorNames.count == 14)
        for (name, dtype) in [
            ("int64", "I64"), ("int32", "I32"), ("uint8", "U8"), ("bool", "BOOL"),
            ("float64", "F64"), ("float8_e4m3fn", "F8_E4M3"),
        ] {
            let tensor = try checkpoint.tensor("other." + name, shape: [2, 2])
            #expect(tensor.dtype.name == dtype)
            #expect(
                throws: WeightsError.unsupportedDType(
                    file: directory + "/model.safetensors", tensor: "other." + name, dtype: dtype)
            ) { try tensor.weightDType() }
        }
    }

    @Test func `scalars and empty tensors are tensors`() throws {
        let checkpoint = try Checkpoint(directory: directory)
        #expect(try checkpoint.tensor("scalar", shape: []).floats() == [4])
        #expect(try checkpoint.tensor("empty", shape: [0, 3]).floats() == [])
    }

    @Test func `another shape or name than asked for is an error with both`() throws {
        let checkpoint = try Checkpoint(directory: directory)
        let file = directory + "/model.safetensors"
        #expect(
            throws: WeightsError.wrongShape(
                file: file, tensor: "f32.matrix", expected: [5, 3], found: [3, 5])
        ) { try checkpoint.tensor("f32.matrix", shape: [5, 3]) }
        #expect(throws: WeightsError.missingTensor(file: file, tensor: "f64.matrix")) {
            try checkpoint.tensor("f64.matrix", shape: [3, 5])
        }
    }

    @Test func `pages that were given back read the same again`() throws {
        let tensor = try Checkpoint(directory: directory).tensor("f32.matrix", shape: [3, 5])
        let before = try tensor.floats()
        tensor.discard()
        #expect(try tensor.floats() == before)
    }
}
