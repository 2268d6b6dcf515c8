import Testing
import martlet

@Suite struct ProcessTests {
    private func stat(_ pid: Int, parent: Int, group: Int = 1, state: String = "S") throws
        -> ProcessStat
    {
        let text = "\(pid) (a) b) \(state) \(parent) \(group) 1 0 -1 0 9 9 9 9 30 12 5 5 20 0"
        return try #require(ProcessStat(parsing: text))
    }

    @Test func `a line of the kernel's is read, whatever the process is called`() throws {
        let process = try stat(7, parent: 3, group: 5)
        #expect(process.pid == 7)
        #expect(process.parent == 3)
        #expect(process.group == 5)
        #expect(process.tickCount == 42)
        #expect(process.isAlive)
        #expect(try !stat(7, parent: 3, state: "Z").isAlive)
    }

    @Test(arguments: ["", "7", "7 (a", "7 (a) S 1", ") 7 (", "x (a) S 1 1 1 0 -1 0 9 9 9 9 30 12"])
    func `anything else is not`(_ text: String) {
        #expect(ProcessStat(parsing: text) == nil)
    }

    @Test func `a tree has children of children, and no process twice`() throws {
        let table = ProcessTable([
            try stat(1, parent: 0), try stat(2, parent: 1), try stat(3, parent: 2, group: 9),
            try stat(4, parent: 2, state: "Z"), try stat(5, parent: 4), try stat(6, parent: 7),
            try stat(7, parent: 6),
        ])
        #expect(Set(table.tree(of: 1).map(\.pid)) == [1, 2, 3])
        #expect(table.tree(of: 6).map(\.pid) == [6, 7])
        #expect(table.tree(of: 8).isEmpty)
        #expect(table.hasGroup(9))
        #expect(!table.hasGroup(10))
    }

    @Test func `the processors' time is without what they idle`() throws {
        let text = "cpu  100 20 30 4000 500 6 4 70 0 0\ncpu0 1 1 1 1 1 1 1 1\n"
        let usage = try #require(MachineUsage(parsing: text, ticksPerSecond: 10))
        #expect(usage == MachineUsage(busySeconds: 16, stolenSeconds: 7))
        #expect(MachineUsage(parsing: "cpu 1 2 3", ticksPerSecond: 10) == nil)
        #expect(MachineUsage(parsing: "", ticksPerSecond: 10) == nil)
    }

    @Test func `overhead is what neither weights nor cache are`() {
        func reading(_ kibibytes: Int) -> MemoryReading {
            MemoryReading(
                parsing: "VmHWM:\t 9 kB\nVmRSS:\t\(kibibytes) kB\nRssAnon: 2 kB\nRssFile: 1 kB\n")
        }
        let account = MemoryAccount(
            start: reading(10), loaded: reading(110), served: reading(150),
            weightByteCount: 80 << 10, cacheByteCount: 30 << 10)
        #expect(account.loaded.anonymous == 2 << 10)
        #expect(account.loadedOverhead == 30 << 10)
        #expect(account.servedOverhead == 40 << 10)
        #expect(MemoryReading(parsing: "VmRSS: none").resident == 0)
    }

    #if os(Linux)
    @Test func `a child's end is told, with its output`() async throws {
        let child = try ChildProcess(
            command: "echo first; echo last >&2; exit 3", logPath: "/tmp/martlet-test-\(#line)")
        while child.ended == nil { await Task.yield() }
        #expect(child.ended == .exited(3))
        #expect(child.lastOutput == "\n  first\n  last")
    }

    @Test func `stopping ends what a child has started as well`() async throws {
        let child = try ChildProcess(
            command: "sleep 600 & sleep 600", logPath: "/tmp/martlet-test-\(#line)")
        while ProcessTable.now().tree(of: child.pid).count < 3 { await Task.yield() }
        #expect(await child.stop())
        #expect(child.ended == .killed(signal: 15))
        #expect(!ProcessTable.now().hasGroup(child.pid))
    }

    @Test func `a program that is not there is named`() {
        let error = #expect(throws: RequestFailure.self) {
            try ChildProcess(["/no/such/program"], logPath: "/tmp/martlet-test-\(#line)")
        }
        #expect(error?.description.contains("/no/such/program") == true)
    }
    #endif
}
