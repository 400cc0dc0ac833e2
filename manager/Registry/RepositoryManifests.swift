internal import Hashing
internal import JSON
internal import NIOHTTP1
public import OCIImageSpec

/// A manifest or an index as a registry gave it.
public struct FetchedManifest: Equatable, Sendable {
  /// Its exact bytes: the digest is theirs.
  public var bytes: [UInt8]
  /// What the registry says that it is, without parameters; empty if it says nothing.
  public var mediaType: String
  public var digest: Digest
}

private struct TagList: JSONMappable {
  var tags: [String]?

  mutating func map(_ json: inout JSONMapper) throws(JSONError) { try json.nullable("tags", &tags) }
}

extension Repository {
  /// Bytes of a manifest that are accepted, as the specification asks registries to.
  static var manifestLimit: Int { 4 << 20 }

  private static var acceptedManifests: [MediaType] { [.manifest, .dockerManifest, .index, .dockerManifestList] }

  /// Fetches a manifest or an index.
  /// - Parameter reference: a tag or a digest.
  /// - Throws: ``RegistryError`` if there is none, or it is not what `reference` names.
  public func manifest(_ reference: String) async throws -> FetchedManifest {
    var request = Wire.Request(address: try address("manifests/\(reference)"))
    for type in Self.acceptedManifests { request.headers.add(name: "Accept", value: type.rawValue) }
    let patience = wire.patience
    return try await retrying(request.title) {
      let answer = try await read(request, accepting: [200])
      let bytes = try await answer.body(limit: Self.manifestLimit, patience: patience)
      let digest = Digest(sha256: SHA256.hash(data: bytes))
      for named in [reference, answer.headers.first(name: "Docker-Content-Digest") ?? ""] {
        // A tag is no digest, and neither is nothing.
        guard let expected = try? Digest(named), expected != digest else { continue }
        throw RegistryError(
          .invalid, "manifest verification failed for digest \(expected): what the registry sent has \(digest)")
      }
      let type = (answer.headers.first(name: "Content-Type") ?? "").prefix { $0 != ";" && $0 != " " }
      return FetchedManifest(bytes: bytes, mediaType: String(type), digest: digest)
    }
  }

  private static var tagLimit: Int { 10_000 }

  /// All tags that the repository has (distribution-spec §Listing Tags).
  public func tags() async throws -> [String] {
    var tags: [String] = []
    var next: WebAddress? = try address("tags/list")
    while let address = next {
      let request = Wire.Request(address: address)
      let patience = wire.patience
      let (page, following) = try await retrying(request.title) { () throws -> ([String], WebAddress?) in
        let answer = try await read(request, accepting: [200])
        let body = try await answer.body(limit: Self.manifestLimit, patience: patience)
        let list: TagList
        do { list = try TagList(jsonText: body) } catch {
          throw RegistryError(.invalid, "\(request.title): \(error)")
        }
        return (list.tags ?? [], try Self.next(answer, after: address))
      }
      tags += page
      guard tags.count <= Self.tagLimit, !page.isEmpty || following == nil else {
        throw RegistryError(.invalid, "\(name.familiarRepository) has more than \(Self.tagLimit) tags")
      }
      next = following
    }
    return tags
  }

  /// `Link: <…>; rel="next"`
  private static func next(_ answer: Wire.Answer, after address: WebAddress) throws -> WebAddress? {
    guard let link = answer.headers.first(name: "Link"), link.hasPrefix("<"), link.contains("next") else { return nil }
    guard let next = address.resolving(String(link.dropFirst().prefix { $0 != ">" })), next.origin == address.origin
    else {
      throw RegistryError(.invalid, "\(address): the rest of the list is somewhere else")
    }
    return next
  }
}
