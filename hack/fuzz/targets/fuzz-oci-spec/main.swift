import FuzzDriver
import Glibc
import JSON
import OCIRuntimeSpec

// A configuration that reads must read the same after it was written.
exit(
  fuzz { data, count in
    let bytes = Array(UnsafeBufferPointer(start: data, count: count))
    guard let spec = try? Spec(jsonText: bytes) else { return 0 }
    precondition((try? Spec(jsonText: JSONWriter.bytes(spec))) == spec, "the written form reads differently")
    return 0
  })
