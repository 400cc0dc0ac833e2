internal import Containers
internal import EngineAPI
internal import JSON
package import Volumes

extension Route {
  /// `/volumes`, and what there is of a build's cache: none can be made yet, so none is there.
  package static func volumes(_ volumes: VolumeService) -> [Route] {
    [
      Route(.GET, "/volumes") { request in
        let filter = try VolumeFilter(try request.query.filters())
        var answer = VolumeListResponse()
        for volume in await volumes.all {
          guard filter.takes(volume, isUsed: await !volumes.users(of: volume.name).isEmpty) else { continue }
          answer.volumes.append(VolumeTranslation.response(volume, of: volumes))
        }
        return .json(answer)
      },
      Route(.GET, "/volumes/{name}") { request in
        .json(VolumeTranslation.response(try await volumes.volume(try request.parameter("name")), of: volumes))
      },
      Route(.POST, "/volumes/create") { request in
        let wish: VolumeCreateRequest = try await request.decode()
        try VolumeTranslation.check(wish)
        let volume = try await volumes.make(
          wish.name, labels: wish.labels ?? [:], options: wish.driverOptions ?? [:], isAnonymous: wish.name.isEmpty)
        return .json(VolumeTranslation.response(volume, of: volumes), status: .created)
      },
      Route(.DELETE, "/volumes/{name}") { request in
        do { try await volumes.remove(try request.parameter("name")) } catch VolumeError.notFound
          where request.query.bool("force")
        {
          // As it was to be.
        }
        return .empty()
      },
      Route(.POST, "/volumes/prune") { request in
        let filter = try VolumePrune(try request.query.filters(), for: request.version)
        let (names, reclaimed) = try await volumes.prune(filter.takes)
        var answer = VolumesPruneResponse()
        answer.volumesDeleted = names.isEmpty ? nil : names
        answer.spaceReclaimed = UInt64(clamping: reclaimed)
        return .json(answer)
      },
      Route(.POST, "/build/prune") { _ in .json(BuildPruneResponse()) },
    ]
  }
}

/// The filters of `GET /volumes`.
struct VolumeFilter {
  private let names: [String]
  private let drivers: [String]
  private let labels: [LabelPattern]
  private let isDangling: Bool?

  init(_ filters: Filters) throws(APIError) {
    try filters.check(known: ["dangling", "driver", "label", "name"])
    names = filters["name"]
    drivers = filters["driver"]
    labels = filters["label"].map(LabelPattern.init)
    isDangling = try filters.bool("dangling")
  }

  func takes(_ volume: Volumes.Volume, isUsed: Bool) -> Bool {
    if !names.isEmpty, !names.contains(where: volume.name.contains) { return false }
    if !drivers.isEmpty, !drivers.contains(Volumes.Volume.driver) { return false }
    if let isDangling, isDangling == isUsed { return false }
    return labels.allSatisfy { $0.matches(volume.labels) }
  }
}

/// The filters of `POST /volumes/prune`.
struct VolumePrune: Sendable {
  private let isForAll: Bool
  private let labels: [LabelPattern]
  private let excluded: [LabelPattern]

  /// Before 1.42 all that are not used went, and not only anonymous ones.
  init(_ filters: Filters, for version: APIVersion) throws(APIError) {
    try filters.check(known: ["all", "label", "label!"])
    isForAll = try filters.bool("all") ?? (version < APIVersion(1, 42))
    labels = filters["label"].map(LabelPattern.init)
    excluded = filters["label!"].map(LabelPattern.init)
  }

  @Sendable func takes(_ volume: Volumes.Volume) -> Bool {
    (isForAll || volume.isAnonymous) && labels.allSatisfy { $0.matches(volume.labels) }
      && !excluded.contains { $0.matches(volume.labels) }
  }
}
