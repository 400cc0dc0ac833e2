import Containers
import FuzzDriver
import Glibc
import JSON

// Whatever a file says: devices, or a reason; and what was read as YAML reads the same as JSON.
exit(
  fuzz { data, count in
    do {
      let value = try YAMLReader.read(Array(UnsafeBufferPointer(start: data, count: count)))
      let again = try YAMLReader.read(JSONWriter.bytes(value))
      precondition(again == value, "the written form reads differently")
      let spec = try CDISpec(json: value)
      let written = try CDISpec(jsonText: JSONWriter.bytes(spec))
      precondition(written == spec, "the devices that were written read differently")
    } catch { precondition(!"\(error)".isEmpty) }
    return 0
  })
