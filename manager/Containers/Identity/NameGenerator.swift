/// Names for containers that nobody named: a quality and a thing of the sea.
enum NameGenerator {
  static let qualities = [
    "able", "amber", "bold", "brave", "brisk", "calm", "clear", "coral", "deft", "eager", "early", "fair", "fleet",
    "gentle", "glad", "golden", "hardy", "keen", "kind", "lively", "lucid", "mellow", "merry", "nimble", "noble",
    "patient", "placid", "proud", "quick", "quiet", "ready", "robust", "salty", "serene", "sharp", "silent", "smooth",
    "snug", "steady", "sunny", "swift", "tidy", "trusty", "upright", "vivid", "warm", "windy", "wise", "witty", "zesty",
  ]

  static let things = [
    "albatross", "anchor", "atoll", "barnacle", "bay", "beacon", "bowline", "breeze", "buoy", "cape", "catamaran",
    "clipper", "compass", "cormorant", "current", "cutter", "dinghy", "dolphin", "dory", "estuary", "fathom", "fjord",
    "galley", "halyard", "harbor", "heron", "island", "jib", "keel", "kelp", "ketch", "lagoon", "lantern", "lighthouse",
    "mainsail", "mast", "monsoon", "narwhal", "osprey", "outrigger", "pelican", "petrel", "reef", "rudder", "schooner",
    "sextant", "sloop", "spinnaker", "starfish", "tern", "tide", "tiller", "trimaran", "turtle", "voyager", "whale",
  ]

  /// - Parameter attempt: from the second on a digit is added, so that a full ocean still has names.
  static func name(attempt: Int, using generator: inout some RandomNumberGenerator) -> ContainerName {
    let quality = qualities[Int.random(in: 0..<qualities.count, using: &generator)]
    let thing = things[Int.random(in: 0..<things.count, using: &generator)]
    let digits = attempt == 0 ? "" : String(Int.random(in: 0...9 * attempt * attempt, using: &generator))
    return ContainerName(generated: "\(quality)_\(thing)\(digits)")
  }
}
