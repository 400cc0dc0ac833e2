package import JSON
internal import OCIRuntimeSpec

/// A filter of system calls in Docker's format: the runtime specification's, with architectures and rules for some machines
/// only (<https://docs.docker.com/engine/security/seccomp/>). What Docker does not know in it, it does not look at.
package struct SeccompProfile: JSONMappable, Equatable {
  /// Which other architectures' programs run on one.
  struct Architecture: JSONMappable, Equatable {
    var name: LinuxSeccompArchitecture?
    var others: [LinuxSeccompArchitecture] = []

    init() {}

    mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.optional("architecture", &name)
      try json.nonEmpty("subArchitectures", &others)
    }
  }

  /// `nil` with rules is what the specification does not allow, and without, no filter.
  var defaultAction: LinuxSeccompAction?
  var defaultErrnoRet: UInt32?
  var architectures: [LinuxSeccompArchitecture] = []
  /// In place of ``architectures``, by the architecture of the machine.
  var architectureMap: [Architecture] = []
  var flags: [LinuxSeccompFlag] = []
  var listenerPath: String?
  var listenerMetadata: String?
  var rules: [SeccompRule] = []

  package init() {}

  package mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.optional("defaultAction", &defaultAction)
    try json.optional("defaultErrnoRet", &defaultErrnoRet)
    try json.nonEmpty("architectures", &architectures)
    try json.nonEmpty("archMap", &architectureMap)
    try json.nonEmpty("flags", &flags)
    try json.optional("listenerPath", &listenerPath)
    try json.optional("listenerMetadata", &listenerMetadata)
    try json.nonEmpty("syscalls", &rules)
    guard json.isReading else { return }
    guard defaultAction != nil || rules.isEmpty else { throw JSONError(.missing, path: "defaultAction") }
    guard architectures.isEmpty || architectureMap.isEmpty else {
      throw JSONError(
        .invalid(
          "both 'architectures' and 'archMap' are specified in the seccomp profile, use either 'architectures' or 'archMap'"
        ))
    }
  }
}

extension SeccompProfile {
  /// What of the profile is for a process with such capabilities on such a machine.
  /// - Returns: `nil` for no filter.
  func filter(capabilities: Set<String>, machine: SeccompMachine) -> LinuxSeccomp? {
    guard let defaultAction else { return nil }
    var filter = LinuxSeccomp()
    filter.defaultAction = defaultAction
    filter.defaultErrnoRet = defaultErrnoRet
    filter.architectures = architectures
    if let own = architectureMap.first(where: { $0.name == machine.architecture }) {
      filter.architectures = [machine.architecture] + own.others
    }
    filter.flags = flags
    filter.listenerPath = listenerPath
    filter.listenerMetadata = listenerMetadata
    filter.syscalls = rules.filter { $0.applies(to: machine, capabilities) }.map(\.rule)
    return filter
  }
}
