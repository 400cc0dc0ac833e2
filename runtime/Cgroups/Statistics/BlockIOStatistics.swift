extension CgroupStatistics.BlockIO {
  private static let counted = [
    "sectors", "io_service_time", "io_wait_time", "io_merged", "io_queued", "time", "io_serviced", "io_service_bytes",
  ]

  /// Which file counts depends on the scheduler: BFQ's, CFQ's of old kernels, or only those of throttling.
  static func legacy(_ files: CgroupStatisticsFile) throws(CgroupError) -> Self {
    var io = Self()
    for name in counted {
      for file in [
        "blkio.bfq.\(name)_recursive", "blkio.\(name)_recursive", "blkio.throttle.\(name)_recursive",
        "blkio.throttle.\(name)",
      ] {
        guard let text = try files.text(file) else { continue }
        let entries = text.split(separator: "\n").compactMap(entry)
        if entries.isEmpty { continue }
        io.tables[name] = entries
        break
      }
    }
    return io
  }

  /// `8:0 Read 4096`, or without an operation `8:0 4096`; the last line is a total without a device.
  private static func entry(_ line: Substring) -> Entry? {
    let words = line.split(separator: " ")
    guard let device = words.first, words.count == 2 || words.count == 3, let value = UInt64(words[words.count - 1]),
      let (major, minor) = numbers(of: device)
    else { return nil }
    return Entry(major: major, minor: minor, operation: words.count == 3 ? String(words[1]) : "", value: value)
  }

  /// `8:0 rbytes=4096 wbytes=0 rios=1 wios=0 dbytes=0 dios=0`
  static func unified(_ files: CgroupStatisticsFile) throws(CgroupError) -> Self {
    var io = Self()
    let meanings = [
      "rbytes": ("io_service_bytes", "Read"), "wbytes": ("io_service_bytes", "Write"), "rios": ("io_serviced", "Read"),
      "wios": ("io_serviced", "Write"),
    ]
    for line in (try files.text("io.stat") ?? "").split(separator: "\n") {
      let words = line.split(separator: " ")
      guard let device = words.first, let (major, minor) = numbers(of: device) else { continue }
      for word in words.dropFirst() {
        let parts = word.split(separator: "=")
        guard parts.count == 2, let (table, operation) = meanings[String(parts[0])], let value = UInt64(parts[1]) else {
          continue
        }
        io.tables[table, default: []].append(Entry(major: major, minor: minor, operation: operation, value: value))
      }
    }
    io.pressure = try files.pressure("io.pressure")
    return io
  }

  private static func numbers(of device: Substring) -> (UInt64, UInt64)? {
    let parts = device.split(separator: ":").compactMap { UInt64($0) }
    return parts.count == 2 ? (parts[0], parts[1]) : nil
  }
}
