internal import LinuxKernel
public import OCIRuntimeSpec

/// `linux.resources`, checked and translated for the hierarchies of one group. Making it touches nothing.
public struct CgroupLimits: Sendable {
  let settings: [CgroupSetting]
  /// `nil` leaves devices as they are.
  let devices: DeviceRules?
  /// The same for systemd, if it keeps the group.
  let properties: [SystemdProperty]
  /// Whether processors are to be had only when nobody else wants them.
  let isIdle: Bool

  /// - Parameter includingDevices: `false` for an update, which leaves devices alone unless it names some. Otherwise the
  ///   devices that every container needs (null, zero, full, random, urandom, tty, ptmx, terminals) are allowed after the
  ///   configuration's own rules, and everything that no rule allows is denied, as in runc. Without any groups there are
  ///   no rules.
  /// - Parameter annotations: of the configuration, which may ask for properties of systemd's scope.
  /// - Throws: ``CgroupError`` with the path of what is wrong, or is not to be had on this machine.
  public init(
    _ resources: LinuxResources, for cgroup: Cgroup, includingDevices: Bool = true, annotations: [String: String] = [:]
  ) throws(CgroupError) {
    var settings: [CgroupSetting] = []
    for controller in Self.controllers {
      settings += try Self.settings(of: controller, resources, cgroup)
    }
    settings += try UnifiedController.settings(for: resources, in: cgroup)
    self.settings = settings
    isIdle = resources.cpu?.idle == 1 || resources.unified["cpu.idle"] == "1"
    // A container that is to have no group at all is not kept from any device.
    let areNamed = includingDevices ? !cgroup.folders.isEmpty : !resources.devices.isEmpty
    devices = areNamed ? try DeviceRules(resources.devices, addingDefaults: true) : nil
    properties =
      cgroup.unit == nil
      ? []
      : try SystemdAnnotations.properties(in: annotations)
        + SystemdResources.properties(
          for: resources, devices: devices, version: cgroup.folders.contains { $0.version == .v1 } ? .v1 : .v2)
    if devices != nil, cgroup.folder(controlling: DeviceRules.controller) == nil, cgroup.unified == nil {
      throw CgroupError(
        .unsupported("no hierarchy with the devices controller is mounted"), path: "linux.resources.devices")
    }
  }

  /// What a controller makes of the resources.
  private struct Translation {
    let name: String
    let settings: (LinuxResources, CgroupVersion) throws(CgroupError) -> [CgroupSetting]
  }

  private static var controllers: [Translation] {
    [
      Translation(name: CPUSetController.name, settings: CPUSetController.settings),
      Translation(name: MemoryController.name, settings: MemoryController.settings),
      Translation(name: CPUController.name, settings: CPUController.settings),
      Translation(name: PidsController.name, settings: PidsController.settings),
      Translation(name: BlkioController.name, settings: BlkioController.settings),
      Translation(name: IOController.name, settings: IOController.settings),
      Translation(name: HugeTLBController.name, settings: HugeTLBController.settings),
      Translation(name: NetworkClassController.name, settings: NetworkClassController.settings),
      Translation(name: NetworkPriorityController.name, settings: NetworkPriorityController.settings),
      Translation(name: RdmaController.name, settings: RdmaController.settings),
    ]
  }

  private static func settings(
    of controller: Translation, _ resources: LinuxResources, _ cgroup: Cgroup
  ) throws(CgroupError) -> [CgroupSetting] {
    let folder = cgroup.folder(controlling: controller.name)
    let version = folder?.version ?? (cgroup.folders.contains { $0.version == .v1 } ? .v1 : .v2)
    let settings = try controller.settings(resources, version)
    if folder == nil, let first = settings.first(where: { !$0.isDefault }) {
      throw CgroupError(.unsupported("the \(controller.name) controller is not available"), path: first.path)
    }
    return folder == nil ? [] : settings
  }
}

extension Cgroup {
  /// Puts other limits into force, and tells systemd of them if it keeps the group.
  ///
  /// When it throws, what had been changed is put back.
  public func update(to limits: CgroupLimits) throws(CgroupError) {
    let before = try snapshot(of: limits)
    do throws(CgroupError) {
      try apply(limits)
      guard unit != nil else { return }
      try tellUnit(limits)
      // systemd has written what it remembers, of a quota only hundredths.
      try apply(limits)
    } catch {
      try restore(before, after: error)
      throw error
    }
  }

  /// Writes the limits into the group.
  /// - Throws: the kernel's refusal, with the path of the limit.
  public func apply(_ limits: CgroupLimits) throws(CgroupError) {
    var later: [CgroupSetting] = []
    for setting in limits.settings {
      do throws(CgroupError) { try write(setting) } catch {
        guard setting.mayComeLater, error.isOfKernel || !setting.hint.isEmpty else { throw error }
        later.append(setting)
      }
    }
    for setting in later { try write(setting) }
    if let devices = limits.devices { try apply(devices) }
  }

  private func write(_ setting: CgroupSetting) throws(CgroupError) {
    guard let folder = setting.controller.isEmpty ? unified : folder(controlling: setting.controller) else {
      if setting.isDefault { return }
      throw CgroupError(
        .state("cannot set \(setting.controller) limit: container could not join or create cgroup"), path: setting.path)
    }
    if let bound = setting.bound { try check(bound, in: folder.path, for: setting.path) }
    do throws(SyscallError) { try CgroupFile.write(setting.value, to: "\(folder.path)/\(setting.file)") } catch {
      if error.errno == .invalid, !setting.hint.isEmpty {
        throw CgroupError(.invalid("\(error): \(setting.hint)"), path: setting.path)
      }
      guard error.errno == .noEntry else { throw CgroupError(.kernel(error), path: setting.path) }
      if setting.isDefault { return }
      guard let other = setting.alternative else { throw CgroupError(.kernel(error), path: setting.path) }
      try blaming(setting.path) { () throws(SyscallError) in
        try CgroupFile.write(other.value, to: "\(folder.path)/\(other.file)")
      }
    }
    if setting.isReadBack { try checkForce(of: setting, in: folder.path) }
  }

  /// - Throws: why a partition is none, `root invalid (Parent is not a partition root)`.
  private func checkForce(of setting: CgroupSetting, in folder: String) throws(CgroupError) {
    let words = try blaming(setting.path) { () throws(SyscallError) in
      try CgroupFile.words(of: "\(folder)/\(setting.file)")
    }
    guard words.count > 1, words[1] == "invalid" else { return }
    throw CgroupError(
      .unsupported("the kernel has it as \"\(words.joined(separator: " "))\""), path: setting.path)
  }

  private func check(_ bound: CgroupSetting.Bound, in folder: String, for path: String) throws(CgroupError) {
    let used = try blaming(path) { () throws(SyscallError) in
      try CgroupFile.words(of: "\(folder)/\(bound.file)").first.flatMap { UInt64($0) } ?? 0
    }
    guard used <= bound.value else {
      throw CgroupError(.invalid("the limit is \(bound.value), but \(used) are in use"), path: path)
    }
  }
}
