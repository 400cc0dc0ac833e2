import Glibc
import LinuxKernel
import Testing

@testable import Cgroups

@Suite("What a group has used, from the kernel's files")
struct StatisticsTests {
  /// A folder with `files` in it.
  private func folder(_ files: [String: String], _ body: (CgroupStatisticsFile) throws -> Void) throws {
    var template = Array("/tmp/proa-statistics-XXXXXX".utf8CString)
    let path = try #require(mkdtemp(&template).map { String(cString: $0) })
    defer { #expect(throws: Never.self) { try Directory.removeTree(path) } }
    for (name, content) in files { try AtomicFile.write(Array(content.utf8), to: "\(path)/\(name)") }
    try body(CgroupStatisticsFile(folder: path))
  }

  @Test func processorTimeOfVersion1() throws {
    let files = [
      "cpuacct.stat": "user 5\nsystem 7\n", "cpuacct.usage": "123\n", "cpuacct.usage_percpu": "100 23 \n",
      "cpuacct.usage_all": "cpu user system\n0 60 40\n1 20 3\n",
      "cpu.stat": "nr_periods 4\nnr_throttled 2\nthrottled_time 9\n",
    ]
    try folder(files) { files in
      var found = CgroupStatistics.Processor()
      try found.readAccounts(files)
      try found.readThrottling(files)
      var expected = CgroupStatistics.Processor()
      (expected.total, expected.user, expected.kernel) = (123, 50_000_000, 70_000_000)
      (expected.each, expected.eachUser, expected.eachKernel) = ([100, 23], [60, 20], [40, 3])
      (expected.periods, expected.throttledPeriods, expected.throttledTime) = (4, 2, 9)
      #expect(found == expected)
    }
  }

  @Test func memoryAndSwapOfVersion2AreTogether() throws {
    let files = [
      "memory.stat": "anon 3\nfile 4\n", "memory.current": "10\n", "memory.max": "100\n", "memory.peak": "50\n",
      "memory.swap.current": "1\n", "memory.swap.max": "max\n",
      "memory.pressure": "some avg10=1.50 avg60=0.00 avg300=0.00 total=8\n",
    ]
    try folder(files) { files in
      let memory = try CgroupStatistics.Memory.unified(files)
      #expect(memory.cache == 4 && memory.details == ["anon": 3, "file": 4])
      #expect(memory.usage == .init(limit: 100, usage: 10, maximum: 50))
      #expect(memory.swap == .init(limit: .max, usage: 11))
      #expect(memory.pressure?.some == .init(averages: [1.5, 0, 0], total: 8))
    }
  }

  @Test func blockDevices() throws {
    try folder([
      "blkio.throttle.io_serviced": "8:0 Read 3\n8:0 Total 3\nTotal 3\n",
      "blkio.throttle.io_service_bytes": "Total 0\n",
    ]) { files in
      let read = CgroupStatistics.BlockIO.Entry(major: 8, minor: 0, operation: "Read", value: 3)
      let total = CgroupStatistics.BlockIO.Entry(major: 8, minor: 0, operation: "Total", value: 3)
      let tables = try CgroupStatistics.BlockIO.legacy(files).tables
      #expect(tables == ["io_serviced": [read, total]])
    }
    try folder(["io.stat": "8:0 rbytes=5 wbytes=6 rios=1 wios=2 dbytes=0 dios=0\n253:1 \n"]) { files in
      let tables = try CgroupStatistics.BlockIO.unified(files).tables
      #expect(tables["io_service_bytes"]?.map(\.value) == [5, 6] && tables["io_serviced"]?.map(\.value) == [1, 2])
    }
  }

  @Test func filesThatAreNotThereCountNothing() throws {
    try folder([:]) { files in
      let (memory, processor) = (
        try CgroupStatistics.Memory.legacy(files), try CgroupStatistics.Processor.unified(files)
      )
      let pids = try CgroupStatistics.Pids.read(files)
      #expect(memory == .init() && processor == .init() && pids == .init())
    }
  }

  @Test(arguments: [("0-2,5", [0, 1, 2, 5]), ("", []), ("3-1,x,7", [7])] as [(String, [UInt16])])
  func lists(text: String, numbers: [UInt16]) throws {
    try folder(["list": text + "\n"]) { files in
      let list = try files.list("list")
      #expect(list == numbers)
    }
  }

  @Test(arguments: [
    ("hugepages-2048kB", "2MB"), ("hugepages-1048576kB", "1GB"), ("hugepages-64kB", "64KB"), ("x", nil),
  ])
  func sizesOfHugePages(folder: String, name: String?) { #expect(HugePageSizes.name(folder) == name) }
}
