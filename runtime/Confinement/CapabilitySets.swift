internal import LinuxKernel
public import OCIRuntimeSpec

/// The five sets of a process (config.md §Linux Process, `capabilities(7)`).
public struct CapabilitySets: Equatable, Sendable {
  public var bounding: CapabilitySet = []
  public var effective: CapabilitySet = []
  public var inheritable: CapabilitySet = []
  public var permitted: CapabilitySet = []
  public var ambient: CapabilitySet = []

  /// No capability at all.
  public init() {}

  /// The sets that `capabilities` names.
  ///
  /// Names that neither this program nor the kernel knows, and what cannot be granted, are no error (config.md §Linux
  /// Process): the container runs without them, and the caller warns about `leftOut`.
  /// - Parameter permitted: what this process has: nobody gets what it has not, nor what its bounding set keeps away. `nil`
  ///   if it can give everything, as in a user namespace.
  public static func resolving(
    _ capabilities: LinuxCapabilities, permitted: CapabilitySet? = nil
  ) -> (sets: CapabilitySets, leftOut: [String]) {
    var sets = CapabilitySets()
    var leftOut: [String] = []
    var granted: CapabilitySet = []
    func isGrantable(_ capability: Capability) -> Bool {
      guard let permitted, !granted.contains(capability) else { return true }
      let isGrantable =
        permitted.contains(capability) && ProcessCapabilities.isInBoundingSet(capability.rawValue) == true
      if isGrantable { granted.insert(CapabilitySet(capability)) }
      return isGrantable
    }
    func resolve(_ names: [String]) -> CapabilitySet {
      names.reduce(into: []) { set, name in
        if let capability = Capability(name: name), Self.kernelKnows(capability), isGrantable(capability) {
          set.insert(CapabilitySet(capability))
        } else if !leftOut.contains(name) {
          leftOut.append(name)
        }
      }
    }
    sets.bounding = resolve(capabilities.bounding ?? [])
    sets.effective = resolve(capabilities.effective ?? [])
    sets.inheritable = resolve(capabilities.inheritable ?? [])
    sets.permitted = resolve(capabilities.permitted ?? [])
    sets.ambient = resolve(capabilities.ambient ?? [])
    return (sets, leftOut)
  }

  /// What this process has.
  public static func permitted() throws(ConfinementError) -> CapabilitySet {
    let own = try blaming("process.capabilities") { () throws(SyscallError) in try ProcessCapabilities.get() }
    return CapabilitySet(rawValue: own.permitted)
  }

  private static func kernelKnows(_ capability: Capability) -> Bool {
    knowsNewest || ProcessCapabilities.isInBoundingSet(capability.rawValue) != nil
  }

  /// Whether the kernel knows every capability that this program has a name for.
  private static let knowsNewest = ProcessCapabilities.isInBoundingSet(Capability.newest.rawValue) != nil
}

extension CapabilitySets {
  /// Takes every other capability out of the bounding set, those included that this program has no name for.
  ///
  /// For a process that still has `CAP_SETPCAP`: before the user changes.
  public func dropBounding() throws(ConfinementError) {
    try blaming("process.capabilities.bounding") { () throws(SyscallError) in
      for number in UInt32(0)..<64 where !bounding.contains(Capability(rawValue: number)) {
        do throws(SyscallError) { try ProcessCapabilities.dropFromBoundingSet(number) } catch {
          // The end of what the kernel knows; or nothing to drop, and no right to drop it either.
          guard let isPresent = ProcessCapabilities.isInBoundingSet(number) else { return }
          if isPresent { throw error }
        }
      }
    }
  }

  /// Lets the permitted set outlive the change of user that comes next; ``apply()`` ends that.
  public static func keepAcrossUserChange() throws(ConfinementError) {
    try blaming("") { () throws(SyscallError) in try ProcessCapabilities.keepAcrossUserChange(true) }
  }

  /// Sets the other four, after the change of user. What cannot be had (a permitted capability that the process has lost) is
  /// an error; an ambient one that is not both permitted and inheritable is left out, as the kernel defines it.
  public func apply() throws(ConfinementError) {
    try blaming("process.capabilities") { () throws(SyscallError) in
      try ProcessCapabilities.keepAcrossUserChange(false)
      try ProcessCapabilities.set(
        .init(
          effective: effective.rawValue, permitted: permitted.rawValue, inheritable: inheritable.rawValue))
      try ProcessCapabilities.clearAmbientSet()
      for capability in ambient.intersection(permitted).intersection(inheritable).capabilities {
        try ProcessCapabilities.raiseInAmbientSet(capability.rawValue)
      }
    }
  }
}
