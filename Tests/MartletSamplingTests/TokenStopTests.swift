import MartletSampling
import Testing

@Suite struct TokenStopTests {
    /// How a sequence with a prompt of 3 stops after `output`.
    private func stop(
        _ output: [Int32], maximumModelLength: Int = 100,
        _ change: (inout SamplingParameters) -> Void = { _ in }
    ) -> TokenStop? {
        let state = SamplerState(
            .with(change), prompt: [1, 1, 1], output: output, endOfSequence: [7, 8],
            vocabularySize: 10)
        return state.stop(after: output[output.count - 1], maximumModelLength: maximumModelLength)
    }

    @Test func `each reason is found`() {
        #expect(stop([1, 2]) == nil)
        #expect(stop([1, 7]) == .endOfSequence)
        #expect(stop([8]) == .endOfSequence)
        #expect(stop([1, 5]) { $0.stopTokenIDs = [4, 5] } == .stopToken(5))
        #expect(stop([1, 2]) { $0.maximumTokenCount = 2 } == .length)
        #expect(stop([1, 2], maximumModelLength: 5) == .length)
        #expect(stop([1, 2], maximumModelLength: 6) { $0.maximumTokenCount = nil } == nil)
    }

    @Test func `end of sequence comes before stop tokens, both before length`() {
        #expect(
            stop([7]) {
                $0.stopTokenIDs = [7]
                $0.maximumTokenCount = 1
            } == .endOfSequence)
        #expect(
            stop([5]) {
                $0.stopTokenIDs = [5]
                $0.maximumTokenCount = 1
            } == .stopToken(5))
    }

    @Test func `an ignored end of sequence goes on, unless it is a stop token`() {
        #expect(stop([7]) { $0.ignoresEndOfSequence = true } == nil)
        #expect(
            stop([7]) {
                $0.ignoresEndOfSequence = true
                $0.stopTokenIDs = [7]
            } == .stopToken(7))
    }
}
