import ContainerRuntime
import FuzzDriver
import Glibc
import JSON
import OCIRuntimeSpec

/// Ids at both ends of a range and beside them.
func probes(_ mapping: LinuxIDMapping) -> [UInt32] {
  let last = mapping.containerID &+ mapping.size &- 1
  return [0, mapping.containerID, mapping.containerID &- 1, last, last &+ 1, .max]
}

// Mappings that are accepted give every id one that is in their host ranges, or none.
exit(
  fuzz { data, count in
    let bytes = Array(UnsafeBufferPointer(start: data, count: count))
    guard let linux = try? Linux(jsonText: bytes) else { return 0 }
    let mappings = linux.uidMappings
    do throws(RuntimeError) { try mappings.check("linux.uidMappings") } catch {
      precondition(!error.description.isEmpty)
      return 0
    }
    precondition(mappings.mapText.split(separator: "\n").count == mappings.count, "a line for each")
    for id in mappings.flatMap(probes) {
      guard let host = mappings.hostID(of: id) else { continue }
      precondition(
        mappings.contains { host >= $0.hostID && host - $0.hostID < $0.size }, "\(host) is in no range of the host's")
    }
    return 0
  })
