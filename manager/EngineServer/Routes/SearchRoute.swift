internal import EngineAPI
package import Images

extension Route {
  /// As many as Docker asks for if nobody says how many.
  private static let usualCount = 25

  /// `GET /images/search`.
  package static func search(_ images: ImageService) -> Route {
    Route(.GET, "/images/search") { request in
      guard let term = request.query["term"], !term.isEmpty else {
        throw APIError.invalidParameter("the parameter term says what to search for: it is missing")
      }
      let limit = try limit(request.query["limit"] ?? "")
      let filters = try request.query.filters()
      try filters.check(known: ["is-automated", "is-official", "stars"])
      let (isOfficial, isAutomated) = (try filters.bool("is-official"), try filters.bool("is-automated"))
      let stars = try filters["stars"].map { text in
        guard let stars = Int64(text) else { throw APIError.invalidParameter("invalid filter 'stars=[\(text)]'") }
        return stars
      }
      let found = try await images.search(
        term, limit: limit, as: try RegistryAuthorization.credentials(request.headers))
      return .json(
        found.filter { result in
          isOfficial ?? result.isOfficial == result.isOfficial
            && isAutomated ?? result.isAutomated == result.isAutomated && stars.allSatisfy { result.stars >= $0 }
        }.prefix(limit).map { ImageSearchResponseItem($0) })
    }
  }

  private static func limit(_ text: String) throws(APIError) -> Int {
    // Docker takes 0 for not saying how many.
    guard !text.isEmpty, text != "0" else { return usualCount }
    guard let limit = Int(text) else { throw .invalidParameter("invalid limit \"\(text)\": it is no number") }
    guard (1...100).contains(limit) else {
      throw .invalidParameter("limit \(limit) is outside the range of [1, 100]")
    }
    return limit
  }
}

extension ImageSearchResponseItem {
  fileprivate init(_ result: RemoteSearchResult) {
    self.init()
    (name, description, starCount) = (result.name, result.description, result.stars)
    (isOfficial, isAutomated) = (result.isOfficial, result.isAutomated)
  }
}
