internal import DBus
internal import LinuxKernel

extension Cgroup {
  /// Whether the user's own systemd is asked, not the machine's.
  static var isUsers: Bool { CurrentProcess.effectiveUID != 0 }

  /// Where the user's systemd keeps everything; the machine's has the whole hierarchies.
  static func systemdRoot() throws(CgroupError) -> String {
    guard isUsers else { return "" }
    var systemd = try SystemdConnection.open(isUser: true)
    return try systemd.property("ControlGroup")
  }

  /// Has systemd make the scope around the process `pid`, and adds what is not systemd's business. The process has to
  /// ``join(_:skippingUnified:)`` the groups of v1 afterwards.
  ///
  /// When it throws, no scope is left.
  public func startUnit(with pid: Int32, _ limits: CgroupLimits) throws(CgroupError) {
    guard let unit else { return }
    var systemd = try SystemdConnection.open(isUser: Self.isUsers)
    try systemd.checkNumbers()
    let properties = Self.basics(of: unit, with: pid) + limits.properties
    try systemd.start(unit, properties + (try Self.idleness(limits, &systemd)))
    do throws(CgroupError) {
      try create(besides: pid)
      do throws(CgroupError) { try apply(limits) } catch {
        // The user's systemd could not limit devices either.
        guard Self.isUsers, error.isRefusalOfDevices else { throw error }
      }
    } catch {
      do throws(CgroupError) { try systemd.stop(unit) } catch let second {
        throw CgroupError(.state("\(error) (and left behind: \(second))"))
      }
      throw error
    }
  }

  /// As runc's scopes have them.
  private static func basics(of unit: SystemdUnit, with pid: Int32) -> [SystemdProperty] {
    [
      .text("Description", "proa container \(unit.name.dropLast(6))"), .text("Slice", unit.slice),
      .flag("Delegate", true), SystemdProperty("PIDs", .array(of: "u", [.uint32(UInt32(bitPattern: pid))])),
      .flag("MemoryAccounting", true), .flag("CPUAccounting", true), .flag("IOAccounting", true),
      .flag("TasksAccounting", true), .flag("DefaultDependencies", false),
    ]
  }

  /// A weight of 0 is idleness to systemd, since its version 252.
  private static func idleness(
    _ limits: CgroupLimits, _ systemd: inout SystemdConnection
  ) throws(CgroupError) -> [SystemdProperty] {
    guard limits.isIdle else { return [] }
    let version = try systemd.property("Version")[...].fields(where: { !(48...57).contains($0) }).first ?? ""
    return (Int(version) ?? 0) >= 252 ? [.number("CPUWeight", 0)] : []
  }

  /// Tells systemd of limits that are in force already.
  func tellUnit(_ limits: CgroupLimits) throws(CgroupError) {
    guard let unit, !limits.properties.isEmpty || limits.isIdle else { return }
    var systemd = try SystemdConnection.open(isUser: Self.isUsers)
    try systemd.set(unit, limits.properties + (try Self.idleness(limits, &systemd)))
  }

  /// Has systemd end the scope; where no systemd runs any more, there is none.
  func stopUnit() throws(CgroupError) {
    guard let unit, SystemdConnection.isThere(isUser: Self.isUsers) else { return }
    var systemd = try SystemdConnection.open(isUser: Self.isUsers)
    try systemd.stop(unit)
  }
}
