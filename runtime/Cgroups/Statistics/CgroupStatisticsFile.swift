internal import LinuxKernel

/// Reads the counters of one folder. A file that is not there counts nothing: kernels differ in what they count.
struct CgroupStatisticsFile {
  let folder: String

  func text(_ name: String) throws(CgroupError) -> String? {
    do throws(SyscallError) { return try CgroupFile.text(of: "\(folder)/\(name)") } catch {
      // Pressure is not supported where the kernel was told not to measure it.
      guard [.noEntry, .notSupported, Cgroup.gone].contains(error.errno) else { throw CgroupError(.kernel(error)) }
      return nil
    }
  }

  /// The only number of a file; `UInt64.max` for `max`.
  func number(_ name: String) throws(CgroupError) -> UInt64? {
    guard let word = try text(name)?.split(whereSeparator: { $0.isWhitespace }).first else { return nil }
    return word == "max" ? .max : UInt64(word)
  }

  func signed(_ name: String) throws(CgroupError) -> Int64? {
    try text(name)?.split(whereSeparator: { $0.isWhitespace }).first.flatMap { Int64($0) }
  }

  /// All numbers of a file of one line.
  func numbers(_ name: String) throws(CgroupError) -> [UInt64] {
    try text(name)?.split(whereSeparator: { $0.isWhitespace }).compactMap { UInt64($0) } ?? []
  }

  /// A file of lines like `oom_kill 3`.
  func values(_ name: String) throws(CgroupError) -> [String: UInt64] {
    var values: [String: UInt64] = [:]
    for line in try text(name)?.split(separator: "\n") ?? [] {
      let words = line.split(separator: " ")
      if words.count == 2, let value = UInt64(words[1]) { values[String(words[0])] = value }
    }
    return values
  }

  /// A list like `0-3,7`.
  func list(_ name: String) throws(CgroupError) -> [UInt16] {
    (try text(name) ?? "").split { $0 == "," || $0.isWhitespace }.flatMap { part -> [UInt16] in
      let ends = part.split(separator: "-").compactMap { UInt16($0) }
      guard let first = ends.first, let last = ends.last, first <= last else { return [] }
      return Array(first...last)
    }
  }

  /// Lines like `some avg10=0.00 avg60=0.00 avg300=0.00 total=0`.
  func pressure(_ name: String) throws(CgroupError) -> CgroupStatistics.Pressure? {
    guard let text = try text(name) else { return nil }
    var pressure = CgroupStatistics.Pressure()
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      var parsed = CgroupStatistics.Pressure.Line()
      for word in words.dropFirst() {
        let parts = word.split(separator: "=")
        guard parts.count == 2 else { continue }
        if parts[0] == "total" {
          parsed.total = UInt64(parts[1]) ?? 0
        } else {
          parsed.averages.append(Double(parts[1]) ?? 0)
        }
      }
      if words.first == "some" { pressure.some = parsed } else { pressure.full = parsed }
    }
    return pressure
  }
}
