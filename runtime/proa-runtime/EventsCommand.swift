internal import ContainerRuntime
internal import LinuxKernel

extension Command {
  static let events = Command(
    name: "events",
    summary: "display container events such as OOM notifications, cpu, memory, and IO usage statistics",
    usage: "[command options] <container-id>",
    options: [
      .value("interval", help: "set the stats collection interval (default: 5s)"),
      .flag("stats", help: "display the container's stats then exit"),
    ],
    arguments: 1...1, entersContainers: false
  ) { global, parsed throws(RuntimeError) in
    let container = try Container(ContainerID(parsed.arguments[0]), root: global.root)
    let interval = parsed["interval"] ?? "5s"
    guard let milliseconds = Duration.milliseconds(interval) else {
      throw RuntimeError("--interval: \"\(interval)\" is no duration like 5s, 500ms or 1m30s")
    }
    guard milliseconds > 0 else { throw RuntimeError("duration interval must be greater than 0") }
    let events = try ContainerEvents(container) { line throws(RuntimeError) in
      do throws(SyscallError) { try FileDescriptorTable.writeAll(line[...], to: 1) } catch {
        throw RuntimeError("standard output: \(error)")
      }
    }
    if parsed.has("stats") { try events.statistics() } else { try events.follow(everyMilliseconds: milliseconds) }
    return 0
  }
}

/// Times as Go writes them: `300ms`, `1.5h`, `2h45m`.
enum Duration {
  private static let units: [(name: String, milliseconds: Double)] = [
    ("ns", 1e-6), ("us", 1e-3), ("µs", 1e-3), ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000),
  ]

  /// Rounded up to whole milliseconds, so that only 0 is 0; `nil` for what is no duration, or past some 290 years.
  static func milliseconds(_ text: String) -> Int64? {
    if text == "0" { return 0 }
    var rest = text[...]
    var sum = 0.0
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      rest = rest.dropFirst(digits.count)
      let name = rest.prefix { !($0.isNumber || $0 == ".") }
      rest = rest.dropFirst(name.count)
      guard let number = Double(digits), let unit = units.first(where: { $0.name == name }) else { return nil }
      sum += number * unit.milliseconds
    }
    guard !text.isEmpty, sum < 9e12 else { return nil }
    return Int64(sum.rounded(.up))
  }
}
