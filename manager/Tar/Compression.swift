/// How a stream is compressed, by its first bytes: media types and file names are only what somebody claims.
package enum Compression: Equatable {
  case none, gzip, zstd, bzip2, xz

  /// How many bytes ``init(_:)`` looks at.
  static let prefixLength = 6

  package init(_ prefix: some Collection<UInt8>) {
    self =
      if prefix.starts(with: [0x1F, 0x8B]) { .gzip } else if prefix.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) {
        .zstd
      } else if prefix.starts(with: Array("BZh".utf8)) {
        .bzip2
      } else if prefix.starts(
        with: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00])
      { .xz } else { .none }
  }

  /// The uncompressed bytes of `source`, and which way it is compressed.
  /// - Throws: ``TarError`` if there is no way to uncompress it yet.
  package static func uncompressed(
    _ source: any ByteSource, entry: String
  ) throws -> (source: any ByteSource, compression: Compression) {
    var prefix = [UInt8](repeating: 0, count: prefixLength)
    let count = try prefix.withUnsafeMutableBytes { try source.readFully(into: $0) }
    let whole = PrefixedSource(Array(prefix[..<count]), source)
    switch Compression(prefix[..<count]) {
    case .none: return (whole, .none)
    case .gzip: return (try Gunzip(whole), .gzip)
    case .zstd: return (try Unzstd(whole), .zstd)
    case .bzip2: throw unsupported("bzip2", entry)
    case .xz: throw unsupported("xz", entry)
    }
  }

  /// How the bytes that `source` begins with are compressed.
  package static func of(_ source: any ByteSource) throws -> Compression {
    var prefix = [UInt8](repeating: 0, count: prefixLength)
    let count = try prefix.withUnsafeMutableBytes { try source.readFully(into: $0) }
    return Compression(prefix[..<count])
  }

  private static func unsupported(_ name: String, _ entry: String) -> TarError {
    TarError(entry: entry, reason: "\(name) compression is not supported yet", isUnsupported: true)
  }
}

/// Compressed bytes that are not what they must be.
package protocol DecompressionFailure: Error {}
