internal import LinuxKernel

/// The files of `linux.resources.unified` that are properties; the others are only written.
enum SystemdUnified {
  private static let limits = [
    "memory.high": "MemoryHigh", "memory.low": "MemoryLow", "memory.min": "MemoryMin", "memory.max": "MemoryMax",
    "memory.swap.max": "MemorySwapMax", "pids.max": "TasksMax",
  ]

  static func properties(for files: [String: String]) throws(CgroupError) -> [SystemdProperty] {
    var properties: [SystemdProperty] = []
    for (file, text) in files.sorted(by: { $0.key < $1.key }) {
      let words = text.words
      guard let value = words.first else { continue }
      if let name = limits[file] {
        properties.append(.number(name, value == "max" ? .max : try number(value, file)))
      }
      switch file {
      case "cpu.weight" where files["cpu.idle"]?.words.first != "1":
        properties.append(.number("CPUWeight", try number(value, file)))
      case "cpu.max":
        let period = try words.dropFirst().first.map { word throws(CgroupError) in try number(word, file) }
        let quota = value == "max" ? 0 : Int64(clamping: try number(value, file))
        properties += SystemdResources.quota(quota, period: period ?? 100_000)
      case "cpuset.cpus": properties.append(try SystemdResources.set("AllowedCPUs", text, "unified[\"\(file)\"]"))
      case "cpuset.mems":
        properties.append(try SystemdResources.set("AllowedMemoryNodes", text, "unified[\"\(file)\"]"))
      default: break
      }
    }
    return properties
  }

  private static func number(_ word: String, _ file: String) throws(CgroupError) -> UInt64 {
    guard let number = UInt64(word) else {
      throw CgroupError(.invalid("\"\(word)\" is no number"), path: "linux.resources.unified[\"\(file)\"]")
    }
    return number
  }
}
