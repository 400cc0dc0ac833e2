internal import Containers
internal import EngineAPI
internal import Volumes

enum VolumeTranslation {
  static func response(_ volume: Volumes.Volume, of volumes: VolumeService) -> EngineAPI.Volume {
    var response = EngineAPI.Volume()
    response.name = volume.name
    response.createdAt = "\(Timestamp(nanoseconds: volume.createdAt).description.prefix(19))Z"
    response.labels = volume.labels
    response.options = volume.options
    response.mountpoint = volumes.path(volume.name)
    return response
  }

  /// With how much they take, and for how many containers.
  static func measured(_ volumes: VolumeService) async throws -> [EngineAPI.Volume] {
    var responses: [EngineAPI.Volume] = []
    for volume in await volumes.all {
      var response = response(volume, of: volumes)
      var usage = EngineAPI.Volume.UsageData()
      usage.refCount = Int64(await volumes.users(of: volume.name).count)
      usage.size = try await volumes.size(volume.name)
      response.usageData = usage
      responses.append(response)
    }
    return responses
  }

  /// - Throws: ``APIError`` for what is not supported yet.
  static func check(_ wish: VolumeCreateRequest) throws(APIError) {
    guard ["", "local"].contains(wish.driver) else {
      let reason = "error looking up volume plugin \(wish.driver): plugin \"\(wish.driver)\" not found"
      throw .notFound("create \(wish.name): \(reason)")
    }
    guard wish.clusterVolume == nil else {
      throw .notImplemented("ClusterVolumeSpec: there are no volumes of a cluster")
    }
  }
}

extension VolumeError: APIErrorConvertible {
  package var apiError: APIError {
    switch self {
    case .notFound: .notFound(description)
    case .invalid: .invalidParameter(description)
    case .inUse, .conflict: .conflict(description)
    case .failed, .unresolved: .internalError(description)
    }
  }
}
