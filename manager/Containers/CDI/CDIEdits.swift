internal import JSON
internal import OCIRuntimeSpec

/// What a device changes in a container (CDI SPEC.md, `containerEdits`).
struct CDIEdits: JSONMappable, Equatable {
  struct DeviceNode: JSONMappable, Equatable {
    /// In the container.
    var path = ""
    /// On the host; `nil`: the same.
    var hostPath: String?
    var type: String?
    var major: Int64?
    var minor: Int64?
    var fileMode: UInt32?
    /// Of `rwm`; `nil`: all.
    var permissions: String?
    var uid: UInt32?
    var gid: UInt32?

    init() {}

    mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.required("path", &path)
      try json.optional("hostPath", &hostPath)
      try json.optional("type", &type)
      try json.optional("major", &major)
      try json.optional("minor", &minor)
      try json.optional("fileMode", &fileMode)
      try json.optional("permissions", &permissions)
      try json.optional("uid", &uid)
      try json.optional("gid", &gid)
      try json.refuseOthers()
      guard json.isReading else { return }
      guard path.hasPrefix("/") else { throw JSONError(.invalid("is not an absolute path"), path: "path") }
      guard permissions?.allSatisfy("rwm".contains) ?? true else {
        throw JSONError(.invalid("is not of r, w and m"), path: "permissions")
      }
    }
  }

  struct Mount: JSONMappable, Equatable {
    var hostPath = ""
    var containerPath = ""
    var type: String?
    var options: [String] = []

    init() {}

    mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.required("hostPath", &hostPath)
      try json.required("containerPath", &containerPath)
      try json.optional("type", &type)
      try json.nonEmpty("options", &options)
      try json.refuseOthers()
      if json.isReading, !containerPath.hasPrefix("/") {
        throw JSONError(.invalid("is not an absolute path"), path: "containerPath")
      }
    }
  }

  struct Hook: JSONMappable, Equatable {
    enum Moment: String, JSONConvertible {
      case prestart, createRuntime, createContainer, startContainer, poststart, poststop
    }

    var moment = Moment.prestart
    var hook = OCIRuntimeSpec.Hook()

    init() {}

    mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.required("hookName", &moment)
      try hook.map(&json)
    }
  }

  var environment: [String] = []
  var deviceNodes: [DeviceNode] = []
  var mounts: [Mount] = []
  var hooks: [Hook] = []
  var additionalGIDs: [UInt32] = []

  init() {}

  mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.nonEmpty("env", &environment)
    try json.nonEmpty("deviceNodes", &deviceNodes)
    try json.nonEmpty("mounts", &mounts)
    try json.nonEmpty("hooks", &hooks)
    try json.nonEmpty("additionalGids", &additionalGIDs)
    try json.refuseOthers()
  }
}

extension CDIEdits {
  /// Makes the changes. Blocks: asks for devices' numbers.
  func apply(to spec: inout Spec) throws(ContainerError) {
    let variables = Environment.replacing(spec.process?.env ?? [], with: environment)
    spec.process?.env = variables
    for node in deviceNodes { try node.apply(to: &spec) }
    for request in mounts {
      var mount = OCIRuntimeSpec.Mount()
      mount.source = request.hostPath
      mount.destination = PathCleaning.clean(request.containerPath)
      mount.type = request.type ?? "bind"
      mount.options = request.options
      spec.mounts.removeAll { $0.destination == mount.destination }
      spec.mounts.append(mount)
    }
    if !hooks.isEmpty { spec.hooks = spec.hooks ?? Hooks() }
    for hook in hooks { spec.hooks?.add(hook) }
    let groups = spec.process?.user.additionalGids ?? []
    spec.process?.user.additionalGids = groups + additionalGIDs.filter { $0 != 0 && !groups.contains($0) }
  }
}

extension CDIEdits.DeviceNode {
  fileprivate func apply(to spec: inout Spec) throws(ContainerError) {
    var device = try found()
    device.fileMode = fileMode ?? device.fileMode
    device.uid = uid ?? spec.process.flatMap { $0.user.uid > 0 ? $0.user.uid : nil } ?? device.uid
    device.gid = gid ?? spec.process.flatMap { $0.user.gid > 0 ? $0.user.gid : nil } ?? device.gid
    spec.linux?.devices.removeAll { $0.path == path }
    spec.linux?.devices.append(device)
    guard ["b", "c"].contains(device.type) else { return }
    let rule = DeviceRules.rule(true, device.type, device.major, device.minor, permissions ?? "rwm")
    spec.linux?.resources?.devices.append(rule)
  }

  /// What the file says, and where it does not, what the host's node is.
  private func found() throws(ContainerError) -> LinuxDevice {
    if let type, major != nil, minor != nil {
      var device = LinuxDevice()
      (device.type, device.path, device.major, device.minor) = (type, path, major, minor)
      return device
    }
    let request = DeviceRequest(hostPath: hostPath ?? path, containerPath: path)
    guard let device = try DeviceRules.devices(request).first?.0, type ?? device.type == device.type else {
      throw .failed("CDI device node \(path): the host has another type of device there")
    }
    return device
  }
}

extension Hooks {
  fileprivate mutating func add(_ hook: CDIEdits.Hook) {
    switch hook.moment {
    case .prestart: prestart.append(hook.hook)
    case .createRuntime: createRuntime.append(hook.hook)
    case .createContainer: createContainer.append(hook.hook)
    case .startContainer: startContainer.append(hook.hook)
    case .poststart: poststart.append(hook.hook)
    case .poststop: poststop.append(hook.hook)
    }
  }
}
