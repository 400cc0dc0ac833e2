internal import Cgroups
internal import JSON
package import OCIRuntimeSpec

extension Container {
  /// Puts other limits into force, and keeps them for later updates. What `change` does not name stays as it is.
  /// - Throws: with the path of what is wrong before anything is changed; or of what the kernel refuses, and then what
  ///   had been changed already is put back.
  package func update(_ change: LinuxResources) throws(RuntimeError) {
    guard status != .stopped else { throw RuntimeError("container not running") }
    var configuration = try folder.configuration()
    let update: ResourcesUpdate
    do { update = try ResourcesUpdate(change, of: configuration.linux?.resources ?? LinuxResources()) } catch {
      throw RuntimeError(error, in: "linux.resources")
    }
    if configuration.linux == nil { configuration.linux = Linux() }
    configuration.linux?.resources = update.result
    let record = record
    try explaining { () throws(CgroupError) in
      let cgroup = try record.cgroup()
      try cgroup.update(to: try CgroupLimits(update.change, for: cgroup, includingDevices: false))
    }
    try folder.replaceConfiguration(JSONWriter.bytes(configuration))
  }
}

extension Container {
  /// Gives a container with `linux.intelRdt` other shares of caches and of the bandwidth of memory.
  /// - Parameter schemata: lines as in `resctrl`.
  package func update(schemata: [String]) throws(RuntimeError) {
    guard status != .stopped else { throw RuntimeError("container not running") }
    // runc's words.
    guard let groups = record.resourceControl else {
      throw RuntimeError("Intel RDT: l3 cache schema and memory bandwidth schema are not enabled for this container")
    }
    try explaining { () throws(CgroupError) in try groups.update(schemata) }
  }
}

/// Limits that are to change.
struct ResourcesUpdate {
  /// What to put into force: what is named, and what has to be said together with it.
  private(set) var change: LinuxResources
  /// All limits of the container afterwards.
  private(set) var result: LinuxResources

  init(_ change: LinuxResources, of present: LinuxResources) throws(JSONError) {
    let json = try JSONReader.read(JSONWriter.bytes(present)).object ?? JSONObject()
    let changed = try JSONReader.read(JSONWriter.bytes(change)).object ?? JSONObject()
    result = try LinuxResources(json: .object(json.updated(by: changed)))
    self.change = change
    completeMemory()
    completeProcessorTime()
  }

  /// v2 limits swap alone, which is the difference of the two: neither can be set without the other.
  private mutating func completeMemory() {
    guard let memory = change.memory else { return }
    if memory.limit == -1, memory.swap == nil {
      // Without a limit of memory there is none of memory and swap either.
      change.memory?.swap = -1
      result.memory?.swap = -1
    } else if memory.swap == nil, memory.limit != nil {
      change.memory?.swap = result.memory?.swap
    } else if memory.limit == nil, memory.swap != nil {
      change.memory?.limit = result.memory?.limit
    }
  }

  /// v2 has one file for both.
  private mutating func completeProcessorTime() {
    guard let cpu = change.cpu, (cpu.quota == nil) != (cpu.period == nil) else { return }
    change.cpu?.quota = result.cpu?.quota
    change.cpu?.period = result.cpu?.period
  }
}

extension JSONObject {
  /// What tells the entries of a list apart.
  private static let keys: [String: [String]] = [
    "weightDevice": ["major", "minor"], "throttleReadBpsDevice": ["major", "minor"],
    "throttleWriteBpsDevice": ["major", "minor"], "throttleReadIOPSDevice": ["major", "minor"],
    "throttleWriteIOPSDevice": ["major", "minor"], "hugepageLimits": ["pageSize"], "priorities": ["name"],
  ]

  /// This object with the members of `change` in the place of its own.
  fileprivate func updated(by change: JSONObject) -> JSONObject {
    var result = self
    for (name, value) in change.members {
      switch (result[name], value) {
      case (.object(let own)?, .object(let changed)): result[name] = .object(own.updated(by: changed))
      case (.array(let own)?, .array(let changed)):
        let keys = Self.keys[name] ?? []
        let kept = own.filter { entry in
          !keys.isEmpty && !changed.contains { other in keys.allSatisfy { entry[$0] == other[$0] } }
        }
        result[name] = .array(kept + changed)
      default: result[name] = value
      }
    }
    return result
  }
}
