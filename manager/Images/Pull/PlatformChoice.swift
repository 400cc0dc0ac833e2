internal import JSON
public import OCIImageSpec

/// Chooses what of an index is best for a machine.
enum PlatformChoice {
  /// How well an image for `offered` serves where one for `wanted` is asked for: 0 is best, nil not at all.
  ///
  /// A machine runs what is made for earlier variants of it: `amd64` in the versions of its ABI, `arm` in the ones of its
  /// instruction set. Without a variant, `amd64` is `v1`, `arm` is `v7` and `arm64` is `v8`.
  static func rank(_ offered: Platform, for wanted: Platform) -> Int? {
    guard offered.os == wanted.os, offered.architecture == wanted.architecture else { return nil }
    let (mine, theirs) = (variant(wanted), variant(offered))
    if mine == theirs { return 0 }
    guard let mine = level(mine), let theirs = level(theirs), theirs < mine else { return nil }
    return mine - theirs
  }

  /// The manifest that is best for `platform`, or nil. Of equals the first.
  static func best(of index: Index, for platform: Platform) -> Descriptor? {
    index.manifests
      .filter { $0.mediaType.isManifest || $0.mediaType.isIndex }
      .compactMap { manifest in manifest.platform.flatMap { rank($0, for: platform) }.map { (manifest, $0) } }
      .min { $0.1 < $1.1 }?.0
  }

  private static func variant(_ platform: Platform) -> String {
    if let variant = platform.variant, !variant.isEmpty { return variant.lowercased() }
    switch platform.architecture {
    case "amd64": return "v1"
    case "arm": return "v7"
    case "arm64": return "v8"
    default: return ""
    }
  }

  private static func level(_ variant: String) -> Int? { variant.hasPrefix("v") ? Int(variant.dropFirst()) : nil }
}

extension Platform {
  /// Reads what `--platform` takes: `linux/arm64/v8`, `linux/amd64`, `arm64` or `linux`, in the names that people use.
  /// - Parameter host: says what is not said.
  /// - Returns: nil if it cannot be meant.
  public static func parse(_ text: String, host: Platform = .current) -> Platform? {
    let parts = text.lowercased().split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    let isWord: (String) -> Bool = { word in
      !word.isEmpty && word.utf8.allSatisfy { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") || isAlphanumeric($0) }
    }
    guard (1...3).contains(parts.count), parts.allSatisfy(isWord) else { return nil }
    if parts.count > 1 { return named(os: parts[0], parts[1], parts.count > 2 ? parts[2] : nil) }
    if ["linux", "windows", "darwin", "freebsd"].contains(parts[0]) {
      return Platform(os: parts[0], architecture: host.architecture, variant: host.variant)
    }
    return named(os: host.os, parts[0], nil)
  }

  private static func named(os: String, _ architecture: String, _ variant: String?) -> Platform {
    switch architecture {
    case "x86_64", "x86-64": Platform(os: os, architecture: "amd64", variant: variant)
    case "aarch64": Platform(os: os, architecture: "arm64", variant: variant)
    case "armhf": Platform(os: os, architecture: "arm", variant: variant ?? "v7")
    case "armel": Platform(os: os, architecture: "arm", variant: variant ?? "v6")
    case "i386": Platform(os: os, architecture: "386", variant: variant)
    default: Platform(os: os, architecture: architecture, variant: variant)
    }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool { (48...57).contains(byte) || (97...122).contains(byte) }
}
