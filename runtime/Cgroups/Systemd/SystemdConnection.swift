internal import DBus
internal import Glibc
internal import LinuxKernel

/// systemd, the machine's or the user's own, over its own socket or else over the bus.
struct SystemdConnection: ~Copyable {
  private var connection: DBusConnection
  /// On a bus systemd is one of many.
  private let destination: String?

  /// - Throws: `unsupported` if no systemd can be reached.
  static func open(isUser: Bool) throws(CgroupError) -> SystemdConnection {
    let (own, bus) = Self.sockets(isUser: isUser)
    let isDirect = access(own, R_OK | W_OK) == 0
    var systemd = SystemdConnection(
      connection: try connect(isDirect ? own : bus), destination: isDirect ? nil : "org.freedesktop.systemd1")
    if !isDirect { try systemd.introduce() }
    return systemd
  }

  private init(connection: consuming DBusConnection, destination: String?) {
    self.connection = connection
    self.destination = destination
  }

  /// systemd's own, and the bus's.
  private static func sockets(isUser: Bool) -> (own: String, bus: String) {
    guard isUser else { return ("/run/systemd/private", "/run/dbus/system_bus_socket") }
    let folder = getenv("XDG_RUNTIME_DIR").map { String(cString: $0) } ?? "/run/user/\(CurrentProcess.effectiveUID)"
    return ("\(folder)/systemd/private", "\(folder)/bus")
  }

  /// Whether there is anything to connect to.
  static func isThere(isUser: Bool) -> Bool {
    let (own, bus) = sockets(isUser: isUser)
    return access(own, F_OK) == 0 || access(bus, F_OK) == 0
  }

  /// - Throws: `unsupported` if there is nothing.
  static func checkPresence(isUser: Bool) throws(CgroupError) {
    if isThere(isUser: isUser) { return }
    let (own, bus) = sockets(isUser: isUser)
    throw CgroupError(.unsupported("the systemd cgroup driver needs systemd: neither \(own) nor \(bus) is there"))
  }

  private static func connect(_ path: String) throws(CgroupError) -> DBusConnection {
    do throws(DBusError) { return try DBusConnection.open(path) { $0.member == "JobRemoved" } } catch {
      throw CgroupError(.unsupported("the systemd cgroup driver needs systemd, which cannot be reached: \(error)"))
    }
  }

  /// What a bus wants to hear before signals come.
  private mutating func introduce() throws(CgroupError) {
    let bus = "org.freedesktop.DBus"
    let match = "type='signal',interface='org.freedesktop.systemd1.Manager',member='JobRemoved'"
    try talking { () throws(DBusError) in
      _ = try connection.call("Hello", of: bus, at: "/org/freedesktop/DBus", on: bus, [])
      _ = try connection.call("AddMatch", of: bus, at: "/org/freedesktop/DBus", on: bus, [.string(match)])
    }
    _ = try call("Subscribe", [])
  }

  private mutating func call(_ member: String, _ values: [DBusValue]) throws(CgroupError) -> [DBusValue] {
    try talking { () throws(DBusError) in
      try connection.call(
        member, of: "org.freedesktop.systemd1.Manager", at: "/org/freedesktop/systemd1", on: destination, values)
    }
  }

  /// - Throws: `unsupported` if processes have other numbers here than where systemd is: it would take the wrong ones.
  func checkNumbers() throws(CgroupError) {
    let peer = try blaming { () throws(SyscallError) in try connection.peer() }
    guard peer.pid != 0 else {
      throw CgroupError(.unsupported("the systemd cgroup driver cannot be used: systemd is in another pid namespace"))
    }
  }

  /// Makes a scope, and waits until it is there.
  mutating func start(_ unit: SystemdUnit, _ properties: [SystemdProperty]) throws(CgroupError) {
    let arguments: [DBusValue] = [
      .string(unit.name), .string("fail"), .array(of: "(sv)", properties.map { $0.argument }),
      .array(of: "(sa(sv))", []),
    ]
    let job: [DBusValue]
    do throws(CgroupError) { job = try call("StartTransientUnit", arguments) } catch {
      // One that failed is kept by systemd until somebody has seen it.
      guard error.isAnswer("UnitExists") else { throw error }
      _ = try call("ResetFailedUnit", [.string(unit.name)])
      job = try call("StartTransientUnit", arguments)
    }
    let result = try wait(for: job)
    guard result == "done" else {
      throw CgroupError(.state("systemd did not start \(unit.name): \(result)"), path: "linux.cgroupsPath")
    }
  }

  /// Sets properties until the next start of the machine.
  mutating func set(_ unit: SystemdUnit, _ properties: [SystemdProperty]) throws(CgroupError) {
    _ = try call(
      "SetUnitProperties",
      [.string(unit.name), .boolean(true), .array(of: "(sv)", properties.map { $0.argument })])
  }

  /// Ends a scope with all that is in it, and has systemd forget it. What is gone already is no error.
  mutating func stop(_ unit: SystemdUnit) throws(CgroupError) {
    do throws(CgroupError) {
      _ = try wait(for: try call("StopUnit", [.string(unit.name), .string("replace")]))
      _ = try call("ResetFailedUnit", [.string(unit.name)])
    } catch {
      guard error.isAnswer("NoSuchUnit") else { throw error }
    }
  }

  /// Moves a process into the scope.
  mutating func attach(_ pid: Int32, to unit: SystemdUnit) throws(CgroupError) {
    _ = try call(
      "AttachProcessesToUnit",
      [.string(unit.name), .string(""), .array(of: "u", [.uint32(UInt32(bitPattern: pid))])])
  }

  /// A property of systemd itself that is a text: `ControlGroup`, `Version`.
  mutating func property(_ name: String) throws(CgroupError) -> String {
    let answer = try talking { () throws(DBusError) in
      try connection.call(
        "Get", of: "org.freedesktop.DBus.Properties", at: "/org/freedesktop/systemd1", on: destination,
        [.string("org.freedesktop.systemd1.Manager"), .string(name)])
    }
    guard case .variant(let value)? = answer.first, let text = value.text else {
      throw CgroupError(.state("systemd says nothing of its \(name)"))
    }
    return text
  }

  /// - Returns: how the job ended, `done`.
  private mutating func wait(for answer: [DBusValue]) throws(CgroupError) -> String {
    guard case .objectPath(let job)? = answer.first else { throw CgroupError(.state("systemd named no job")) }
    return try talking { () throws(DBusError) in
      while true {
        let values = try connection.nextSignal().values()
        if values.count == 4, values[1] == .objectPath(job) { return values[3].text ?? "" }
      }
    }
  }
}

private func talking<Result: ~Copyable>(_ body: () throws(DBusError) -> Result) throws(CgroupError) -> Result {
  do { return try body() } catch {
    if case .refused(let name, let message) = error { throw CgroupError(.systemd(name: name, message: message)) }
    if case .kernel(let cause) = error { throw CgroupError(.kernel(cause)) }
    throw CgroupError(.state("\(error)"))
  }
}

extension CgroupError {
  /// Whether systemd answered with its error `name`.
  fileprivate func isAnswer(_ name: String) -> Bool {
    if case .systemd(let answer, _) = reason { return answer == "org.freedesktop.systemd1.\(name)" }
    return false
  }
}
