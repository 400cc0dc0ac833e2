import FuzzDriver
import Glibc
import Tar

// Whatever the bytes are: entries within their bounds, or a typed error.
exit(
  fuzz { data, count in
    let reader = TarReader(MemorySource(Array(UnsafeBufferPointer(start: data, count: count)), step: 700))
    do {
      while let entry = try reader.next() {
        precondition(!entry.name.contains(0), "a name has a null byte")
        var size: Int64 = 0
        // Half of the bodies are passed over instead.
        guard entry.name.count % 2 == 0 else { continue }
        try reader.readBody { size += Int64($0.count) }
        precondition(size == entry.size, "\(size) of \(entry.size) bytes were given")
      }
    } catch { precondition(error is TarError, "\(error)") }
    return 0
  })
