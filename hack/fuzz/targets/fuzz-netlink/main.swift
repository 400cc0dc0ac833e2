import FuzzDriver
import Glibc
import LinuxKernel

// Whatever the bytes are: messages and attributes within their bounds, or a typed error.
exit(
  fuzz { data, count in
    let bytes = Array(UnsafeBufferPointer(start: data, count: count))
    do throws(NetlinkError) {
      for message in try NetlinkMessage.parse(bytes) {
        precondition(message.payload.count <= bytes.count, "a message is longer than its datagram")
        for header in [0, 8, 12, 16] { _ = try NetlinkAttributes(message.payload.dropFirst(header)) }
      }
    } catch { precondition(!"\(error)".isEmpty) }
    return 0
  })
