import DBus
import FuzzDriver
import Glibc

// Whatever the bytes are: a message that says the same when it is written again, or a typed error.
exit(
  fuzz { data, count in
    let bytes = Array(UnsafeBufferPointer(start: data, count: count))
    do throws(DBusError) {
      let message = try DBusMessage(bytes)
      let values = try message.values()
      let again = try DBusMessage(message.bytes(values))
      // The order and the kinds of a header's fields are free.
      precondition(again.bytes(values) == message.bytes(values), "another message")
    } catch { precondition(!"\(error)".isEmpty) }
    return 0
  })
