internal import Cgroups
internal import JSON
internal import LinuxKernel
internal import OCIRuntimeSpec

/// `events`: what a container uses, and whether its memory was used up.
package struct ContainerEvents {
  private let container: Container
  private let cgroup: Cgroup
  /// Gets every event as a line of JSON.
  private let tell: ([UInt8]) throws(RuntimeError) -> Void

  package init(
    _ container: Container, tell: @escaping ([UInt8]) throws(RuntimeError) -> Void
  ) throws(RuntimeError) {
    guard container.status != .stopped else {
      throw RuntimeError("container with id \(container.record.id) is not running")
    }
    self.container = container
    self.tell = tell
    let paths = container.record.cgroupPaths
    cgroup = try explaining { () throws(CgroupError) in try Cgroup(loading: paths) }
  }

  /// Tells once what the container has used so far.
  package func statistics() throws(RuntimeError) {
    try tell("stats", try explaining { () throws(CgroupError) in try cgroup.statistics() }.json)
  }

  /// Tells all events until the container has ended, and what it uses every `milliseconds`.
  package func follow(everyMilliseconds milliseconds: Int64) throws(RuntimeError) {
    let identity = container.record.identity
    let found = try explaining { () throws(SyscallError) in try identity.descriptor() }
    guard let process = found else { return }
    var watch: OutOfMemoryWatch
    do throws(CgroupError) { watch = try OutOfMemoryWatch(cgroup) } catch { throw RuntimeError(error) }
    var next = Deadline(afterMilliseconds: milliseconds)
    while true {
      let requests: [(number: Int32, events: Polling.Events)] = [
        (process.number, .readable), (watch.descriptor.number, .readable),
      ]
      let wait = Int32(clamping: next.remaining)
      let events = try explaining { () throws(SyscallError) in try Polling.wait(requests, milliseconds: wait) }
      let hasEnded = !events[0].isEmpty
      // At the end once more: the kernel tells of a kill with some delay.
      if hasEnded || !events[1].isEmpty { try tellKills(&watch) }
      if hasEnded { return }
      if next.hasPassed {
        try statistics()
        next = Deadline(afterMilliseconds: milliseconds)
      }
    }
  }

  private func tellKills(_ watch: inout OutOfMemoryWatch) throws(RuntimeError) {
    let kills: UInt64
    do throws(CgroupError) { kills = try watch.newKills() } catch { throw RuntimeError(error) }
    for _ in 0..<min(kills, 1000) { try tell("oom", nil) }
  }

  private func tell(_ type: String, _ data: JSONValue?) throws(RuntimeError) {
    var event = JSONObject([("type", .string(type)), ("id", .string(container.record.id))])
    if let data { event.append("data", data) }
    try tell(JSONWriter.bytes(event) + [UInt8(ascii: "\n")])
  }
}
