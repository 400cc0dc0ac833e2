import FuzzDriver
import Glibc
import JSON

// Whatever reads as JSON must read the same after it was written.
exit(
  fuzz { data, count in
    let bytes = Array(UnsafeBufferPointer(start: data, count: count))
    guard let value = try? JSONReader.read(bytes) else { return 0 }
    precondition((try? JSONReader.read(JSONWriter.bytes(value))) == value, "the written form reads differently")
    return 0
  })
