/// What a tar archive says about one file.
package struct TarEntry: Equatable {
  package enum Kind: Equatable {
    case regular, hardLink, symbolicLink, characterDevice, blockDevice, directory, fifo
  }

  /// A moment: seconds and nanoseconds since 1970.
  package struct Time: Equatable {
    package var seconds: Int64
    package var nanoseconds: Int64

    package init(seconds: Int64, nanoseconds: Int64) {
      self.seconds = seconds
      self.nanoseconds = nanoseconds
    }
  }

  /// An extended attribute.
  package struct Attribute: Equatable {
    package var name: [UInt8]
    package var value: [UInt8]

    package init(name: [UInt8], value: [UInt8]) {
      self.name = name
      self.value = value
    }
  }

  package var kind = Kind.regular
  /// As written, without a null byte; need not be UTF-8.
  package var name: [UInt8] = []
  /// What a link points at.
  package var linkName: [UInt8] = []
  /// The twelve bits of `chmod(2)`.
  package var mode: UInt32 = 0
  package var owner: UInt32 = 0
  package var group: UInt32 = 0
  /// Bytes of content; 0 for everything but regular files.
  package var size: Int64 = 0
  package var modified = Time(seconds: 0, nanoseconds: 0)
  package var deviceMajor: UInt32 = 0
  package var deviceMinor: UInt32 = 0
  package var attributes: [Attribute] = []

  package init() {}

  /// The name for a message.
  package var title: String { TarEntry.title(name) }

  /// A name from an archive, made fit for a message: whatever it is, it is short and on one line.
  package static func title(_ name: some Collection<UInt8>) -> String {
    let clean = name.prefix(256).map { $0 < 0x20 || $0 == 0x7F ? UInt8(ascii: "?") : $0 }
    return String(decoding: clean, as: UTF8.self) + (name.count > 256 ? "…" : "")
  }
}

/// Why an archive cannot be read.
package struct TarError: Error, Equatable {
  /// The culprit's name; empty if it is not known.
  package var entry: String
  package var reason: String
  /// Whether the archive is well formed, but wants more than there is.
  package var isUnsupported = false

  package init(entry: String, reason: String, isUnsupported: Bool = false) {
    self.entry = entry
    self.reason = reason
    self.isUnsupported = isUnsupported
  }
}
