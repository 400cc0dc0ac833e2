import FuzzDriver
import Glibc
import OCIImageSpec

// A name that can be read is shown in two forms, and both mean the same again.
exit(
  fuzz { data, count in
    let text = String(decoding: UnsafeBufferPointer(start: data, count: count), as: UTF8.self)
    do throws(ReferenceError) {
      let reference = try Reference(text)
      precondition((try? Reference(reference.canonical)) == reference, "the canonical form means something else")
      precondition((try? Reference(reference.familiar)) == reference, "the familiar form means something else")
    } catch { precondition(error.text.count <= 160, "the message is too long") }
    return 0
  })
