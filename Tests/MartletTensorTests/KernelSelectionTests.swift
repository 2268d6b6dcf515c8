import CMartletKernels
import MartletTensor
import Testing

@Suite struct KernelSelectionTests {
    @Test func `takes the best without a request`() {
        for request in [nil, ""] {
            let selection = KernelSelection(requested: request)
            #expect(selection.table.instructionSet == .best)
            #expect(selection.warning == nil)
        }
    }

    @Test(arguments: InstructionSet.supported)
    func `obeys a request that this machine can meet`(isa: InstructionSet) {
        let selection = KernelSelection(requested: isa.rawValue.uppercased())
        #expect(selection.table.instructionSet == isa)
        #expect(selection.warning == nil)
        #expect(KernelTable(isa)?.pointer.pointee.isa == isa.kernelName)
    }

    @Test func `says why it does not obey`() {
        let unknown = KernelSelection(requested: "sse9")
        #expect(unknown.table.instructionSet == .best)
        #expect(unknown.warning?.contains("sse9") == true)
        for isa in InstructionSet.allCases where !isa.isSupported {
            let selection = KernelSelection(requested: isa.rawValue)
            #expect(selection.table.instructionSet == .best)
            #expect(selection.warning?.contains("does not run on this machine") == true)
            #expect(KernelTable(isa) == nil)
        }
    }
}
