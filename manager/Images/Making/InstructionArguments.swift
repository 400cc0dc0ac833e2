internal import OCIImageSpec

/// What `EXPOSE` takes: `80`, `80/udp`, `8000-8010/tcp`.
enum ExposedPorts {
  private static let protocols: Set<String> = ["tcp", "udp", "sctp"]

  static func all(_ text: String) throws(ImageError) -> [String] {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let kind = parts.count > 1 ? parts[1].lowercased() : "tcp"
    guard protocols.contains(kind) else { throw .invalidChange("invalid proto: \(kind)") }
    let ends = parts[0].split(separator: "-", omittingEmptySubsequences: false).map { UInt16($0) }
    guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1], first <= last else {
      throw .invalidChange("invalid containerPort: \(text)")
    }
    return (first...last).map { "\($0)/\(kind)" }
  }
}

/// What `WORKDIR` takes: a path, from where it was before if it does not begin at the root.
enum WorkingDirectory {
  static func clean(_ path: String, in current: String?) -> String {
    var parts: [Substring] = []
    for part in (path.hasPrefix("/") ? path : "\(current ?? "/")/\(path)").split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/")
  }
}

/// What `HEALTHCHECK` takes: `NONE`, or options and `CMD` with a command.
struct HealthcheckInstruction {
  private static let units: [(String, Int64)] = [
    ("ns", 1), ("us", 1000), ("µs", 1000), ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
  ]

  private var options: [(name: String, value: String)] = []
  private let kind: String
  private let command: String

  init(_ text: String) throws(ImageError) {
    var rest = text
    while rest.hasPrefix("--") {
      let word = rest.prefix { $0 != " " && $0 != "\t" }
      let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { throw .invalidChange("Missing a value on flag: \(word)") }
      options.append((String(parts[0]), String(parts[1])))
      rest = rest.dropFirst(word.count).trimmed
    }
    let word = rest.prefix { $0 != " " && $0 != "\t" }
    kind = word.uppercased()
    command = rest.dropFirst(word.count).trimmed
  }

  /// - Parameter list: gives a command as a list, `nil` if it is a text.
  func healthcheck(_ list: (String) -> [String]?) throws(ImageError) -> Healthcheck {
    var check = Healthcheck()
    switch kind {
    case "NONE":
      guard command.isEmpty else { throw .invalidChange("HEALTHCHECK NONE takes no arguments") }
      check.test = ["NONE"]
      return check
    case "CMD":
      guard !command.isEmpty else { throw .invalidChange("Missing command after HEALTHCHECK CMD") }
      check.test = list(command).map { ["CMD"] + $0 } ?? ["CMD-SHELL", command]
    default: throw .invalidChange("Unknown type \"\(kind)\" in HEALTHCHECK (try CMD)")
    }
    for (name, value) in options { try set(name, value, in: &check) }
    return check
  }

  private func set(_ name: String, _ value: String, in check: inout Healthcheck) throws(ImageError) {
    switch name {
    case "interval": check.interval = try time(name, value)
    case "timeout": check.timeout = try time(name, value)
    case "start-period": check.startPeriod = try time(name, value)
    case "start-interval": check.startInterval = try time(name, value)
    case "retries":
      guard let number = Int(value), number >= 0 else {
        throw .invalidChange("--retries cannot be negative (\(value))")
      }
      check.retries = number
    default: throw .invalidChange("Unknown flag: \(name)")
    }
  }

  /// Go's form of a duration, `1m30s`, in nanoseconds.
  private func time(_ name: String, _ text: String) throws(ImageError) -> Int64 {
    var (rest, total) = (text[...], 0.0)
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
      rest = rest.dropFirst(digits.count)
      let unit = rest.prefix { !($0.isASCII && $0.isNumber) && $0 != "." }
      rest = rest.dropFirst(unit.count)
      guard let number = Double(digits), let factor = Self.units.first(where: { $0.0 == unit })?.1 else {
        throw .invalidChange("time: invalid duration \"\(text)\"")
      }
      total += number * Double(factor)
    }
    guard total < 0x1p62, total == 0 || total >= 1_000_000 else {
      throw .invalidChange("Interval \"\(name)\" cannot be less than 1ms")
    }
    return Int64(total)
  }
}
