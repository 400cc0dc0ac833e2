internal import JSON
internal import OCIRuntimeSpec

/// A rule of a ``SeccompProfile``.
struct SeccompRule: JSONMappable, Equatable {
  struct Condition: JSONMappable, Equatable {
    /// All of them if they are to include something, one of them if they are to exclude it.
    var capabilities: [String] = []
    /// `amd64`, `arm64`, …
    var machines: [String] = []
    var minimumKernel: KernelVersion?

    init() {}

    mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.nonEmpty("caps", &capabilities)
      try json.nonEmpty("arches", &machines)
      try json.optional("minKernel", &minimumKernel)
    }
  }

  var rule = LinuxSyscall()
  var includes = Condition()
  var excludes = Condition()

  init() {}

  mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    // Rules had one name each before they had many.
    var name = ""
    try json.nonEmpty("name", &name)
    try json.nonEmpty("names", &rule.names)
    try json.required("action", &rule.action)
    try json.optional("errnoRet", &rule.errnoRet)
    try json.nonEmpty("args", &rule.args)
    try json.field("includes", &includes)
    try json.field("excludes", &excludes)
    guard json.isReading, !name.isEmpty else { return }
    guard rule.names.isEmpty else {
      throw JSONError(
        .invalid("both 'name' and 'names' are specified in the seccomp profile, use either 'name' or 'names'"))
    }
    rule.names = [name]
  }

  func applies(to machine: SeccompMachine, _ capabilities: Set<String>) -> Bool {
    if excludes.machines.contains(machine.name) || !capabilities.isDisjoint(with: excludes.capabilities) {
      return false
    }
    if let kernel = excludes.minimumKernel, machine.kernel >= kernel { return false }
    if !includes.machines.isEmpty, !includes.machines.contains(machine.name) { return false }
    if let kernel = includes.minimumKernel, machine.kernel < kernel { return false }
    return capabilities.isSuperset(of: includes.capabilities)
  }
}

/// `4.8`
struct KernelVersion: Comparable, Sendable, JSONConvertible {
  var major = 0
  var minor = 0

  init(_ major: Int, _ minor: Int) { (self.major, self.minor) = (major, minor) }

  /// The version that `release`, `6.1.0-18-amd64`, begins with; 0.0 if it begins with something else.
  init(release: String) {
    let numbers = release.split(separator: ".", maxSplits: 2).map { Int($0.prefix { "0"..."9" ~= $0 }) ?? 0 }
    self.init(numbers.first ?? 0, numbers.dropFirst().first ?? 0)
  }

  init(json: JSONValue) throws(JSONError) {
    let text = try String(json: json)
    if text.isEmpty {
      self.init(0, 0)
      return
    }
    let numbers = text.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    guard numbers.count == 2, let major = numbers[0], let minor = numbers[1], (major, minor) != (0, 0) else {
      throw JSONError(.invalid("invalid kernel version: \"\(text)\", expected \"<kernel>.<major>\""))
    }
    self.init(Int(major), Int(minor))
  }

  func write(to writer: inout JSONWriter) { "\(major).\(minor)".write(to: &writer) }

  static func < (left: KernelVersion, right: KernelVersion) -> Bool {
    (left.major, left.minor) < (right.major, right.minor)
  }
}

/// What rules of profiles are for.
struct SeccompMachine: Equatable, Sendable {
  /// As profiles call it.
  var name: String
  var architecture: LinuxSeccompArchitecture
  var kernel: KernelVersion

  /// - Parameter kernel: the running one's release.
  static func current(kernel: String) -> SeccompMachine {
    #if arch(arm64)
      SeccompMachine(name: "arm64", architecture: .aarch64, kernel: KernelVersion(release: kernel))
    #else
      SeccompMachine(name: "amd64", architecture: .x8664, kernel: KernelVersion(release: kernel))
    #endif
  }
}
