import MartletEngine
import Testing

@Suite struct LoadGateTests {
    private func reading(_ change: (inout LoadReading) -> Void) -> LoadReading {
        var reading = LoadReading()
        change(&reading)
        return reading
    }

    @Test func `the engine's own use is no reason to refuse`() {
        var gate = LoadGate(thresholds: LoadThresholds(cpu: 0.5))
        let busy = reading {
            $0.processShare = 0.99
            $0.outsideShare = 0.01
            $0.cpuPressure = 0.9
            $0.throttledShare = 1
        }
        #expect(gate.isOverloaded(busy) == nil)
    }

    @Test func `use by others is refused above the threshold`() {
        var gate = LoadGate(thresholds: LoadThresholds(cpu: 0.5))
        let result = [0.49, 0.5, 0.51].map { share in
            gate.isOverloaded(reading { $0.outsideShare = share })
        }
        #expect(result == [nil, nil, .cpu(share: 0.51, threshold: 0.5)])
        #expect(
            result[2]?.description == "Others use 51 % of the processors; the limit is 50 %.")
    }

    @Test func `waiting counts as far as others take the time`() {
        let mixed = reading {
            $0.processShare = 0.25
            $0.outsideShare = 0.75
            $0.cpuPressure = 0.4
            $0.groupCPUPressure = 1
        }
        #expect(mixed.outsideLoad == 0.75)
        let starved = reading {
            $0.processShare = 0.1
            $0.outsideShare = 0.3
            $0.groupCPUPressure = 0.8
        }
        #expect(abs((starved.outsideLoad ?? 0) - 0.6) < 1e-12)
        #expect(reading { $0.cpuPressure = 1 }.outsideLoad == nil)
    }

    @Test func `a load near the threshold does not flicker`() {
        var gate = LoadGate(thresholds: LoadThresholds(cpu: 0.5))
        let isRefused = [0.46, 0.51, 0.46, 0.49, 0.44, 0.46].map { share in
            gate.isOverloaded(reading { $0.outsideShare = share }) != nil
        }
        #expect(isRefused == [false, true, true, true, false, false])
    }

    @Test func `too little memory is refused by default`() {
        var gate = LoadGate(thresholds: LoadThresholds())
        let gibibyte = 1 << 30
        let isRefused = [300, 255, 300, 319, 321, 300].map { mebibytes in
            let reading = reading {
                $0.totalByteCount = 64 * gibibyte
                $0.availableByteCount = mebibytes << 20
            }
            return gate.isOverloaded(reading) != nil
        }
        #expect(isRefused == [false, true, true, true, false, false])
    }

    @Test func `a small machine needs a fiftieth`() {
        var gate = LoadGate(thresholds: LoadThresholds())
        let refusals = [11, 9].map { mebibytes in
            gate.isOverloaded(
                reading {
                    $0.totalByteCount = 500 << 20
                    $0.availableByteCount = mebibytes << 20
                })
        }
        #expect(refusals == [nil, .availableMemory(byteCount: 9 << 20, minimum: 10 << 20)])
        #expect(
            refusals[1]?.description
                == "9 MiB of memory are available; at least 10 are needed.")
    }

    @Test func `shares of memory and accelerator are refused when asked for`() {
        var gate = LoadGate(thresholds: LoadThresholds(gpu: 0.9, memory: 0.75))
        let full = reading {
            $0.totalByteCount = 1000
            $0.availableByteCount = 200
        }
        #expect(gate.isOverloaded(full) == .memory(share: 0.8, threshold: 0.75))
        let busy = reading { $0.gpuUsage = 0.95 }
        #expect(gate.isOverloaded(busy) == .gpu(share: 0.95, threshold: 0.9))
    }

    @Test func `what cannot be read is no reason to refuse`() {
        var gate = LoadGate(thresholds: LoadThresholds(cpu: 0, gpu: 0, memory: 0))
        #expect(gate.isOverloaded(LoadReading()) == nil)
    }
}
