import ContainerRuntime
import FuzzDriver
import Glibc
import JSON

// A state file that reads must read the same after it was written; and whatever /proc/<pid>/stat says is somebody or nobody.
exit(
  fuzz { data, count in
    let bytes = Array(UnsafeBufferPointer(start: data, count: count))
    _ = ProcessIdentity.parse(bytes, pid: 1)
    guard let record = try? ContainerRecord(jsonText: bytes) else { return 0 }
    precondition(
      (try? ContainerRecord(jsonText: JSONWriter.bytes(record))) == record, "the written form reads differently")
    precondition(record.state(.running).pid == record.pid)
    return 0
  })
