public import OCIImageSpec

/// Why something about an image was not done.
public enum ImageError: Error, Equatable, Sendable {
  /// No image has this name, ID or beginning of an ID.
  case notFound(String)
  /// There is nothing here to push: why, in words for a person.
  case notHere(String)
  /// The image is for another machine than the one that it is asked for.
  case otherPlatform(name: String, actual: Platform, wanted: Platform)
  /// Several images' IDs begin like this.
  case ambiguous(String)
  case invalidReference(ReferenceError)
  /// An instruction that is to change a configuration cannot be understood: why.
  case invalidChange(String)
  /// The archive, or a tar in it, is not what it must be. `entry` is the culprit's name.
  case invalidArchive(entry: String, reason: String)
  /// The archive is fine, but asks for something that is not supported.
  case unsupported(entry: String, reason: String)
  /// Content is not what its name says.
  case digestMismatch(entry: String, expected: Digest, actual: Digest)
  /// The image cannot be removed as asked: why, in words for a person.
  case inUse(id: Digest, reason: String)
  /// A registry did not give or take something: why, in words for a person.
  case remote(RemoteFailure, String)
  /// The disk, or another part of the engine, failed.
  case failed(String)
}

extension ImageError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notFound(let name): "No such image: \(name)"
    case .otherPlatform(let name, let actual, let wanted):
      "image with reference \(name) was found but its platform (\(actual)) does not match the specified platform (\(wanted))"
    case .ambiguous(let prefix): "multiple images found with provided prefix: \(prefix)"
    case .invalidReference(let error): error.description
    case .invalidArchive(let entry, let reason): "invalid archive: \(entry.isEmpty ? "" : "\(entry): ")\(reason)"
    case .unsupported(let entry, let reason): "\(entry.isEmpty ? "" : "\(entry): ")\(reason)"
    case .digestMismatch(let entry, let expected, let actual):
      "\(entry): content has digest \(actual), expected \(expected)"
    case .inUse(_, let reason): "conflict: \(reason)"
    case .invalidChange(let reason), .remote(_, let reason), .failed(let reason), .notHere(let reason): reason
    }
  }
}
