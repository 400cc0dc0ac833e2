internal import EngineAPI
internal import LinuxKernel
internal import NIOHTTP1

/// Creates a container from a command line, and gets its image if it is missing.
struct ContainerCreation {
  let options: CreateRequest
  let request: ContainerCreateRequest

  /// - Parameter words: the image and what follows it.
  /// - Throws: ``ClientError/usage(_:)``.
  init(
    _ process: ProcessOptions, _ container: ContainerOptions, _ resources: ResourceOptions, _ network: NetworkOptions,
    _ words: [String], command: String, detaches: Bool = false
  ) throws {
    guard let image = words.first else {
      throw ClientError.tooFewArguments(
        "'proa \(command)' requires at least 1 argument\n\nUsage:  proa \(command) [OPTIONS] IMAGE [COMMAND] [ARG...]")
    }
    guard !image.hasPrefix("-") else { throw ClientError.usage("unknown flag: \(image)") }
    options = CreateRequest(
      process: process, container: container, resources: resources, network: network, image: image,
      command: Array(words.dropFirst()), detaches: detaches)
    request = try options.build()
    guard ["always", "missing", "never"].contains(container.pull) else {
      throw ClientError.usage(
        "invalid pull option: '\(container.pull)': must be one of \"always\", \"missing\" or \"never\"")
    }
  }

  /// - Returns: the container's identifier.
  func create(_ engine: EngineClient) async throws -> String {
    if options.container.pull == "always" { try await pull.run(engine) }
    let response: ContainerCreateResponse
    do { response = try await post(engine) } catch let error as ClientError
      where error.isNotFound && options.container.pull == "missing" && "\(error)".contains("No such image")
    {
      try await StandardOutput.errors.writeLine("Unable to find image '\(pull.name.text)' locally")
      try await pull.run(engine)
      response = try await post(engine)
    }
    for warning in response.warnings { try await StandardOutput.errors.writeLine("WARNING: \(warning)") }
    if let path = options.container.cidfile { try writeIdentifier(response.id, path) }
    return response.id
  }

  private func post(_ engine: EngineClient) async throws -> ContainerCreateResponse {
    let target = ("/containers/create" as RequestTarget).with("name", options.container.name)
      .with("platform", options.container.platform)
    return try await engine.decode(ContainerCreateResponse.self, .POST, target, body: .json(request))
  }

  /// What the container prints must not be mixed with how its image came.
  private var pull: ImagePull {
    ImagePull(
      image: options.image, platform: options.container.platform, isQuiet: options.container.quiet, output: .errors)
  }

  private func writeIdentifier(_ id: String, _ path: String) throws {
    do {
      try FileDescriptor.open(path, [.writeOnly, .create, .exclusive], mode: 0o644).writeAll(Array(id.utf8))
    } catch {
      throw ClientError.failed("container ID file found, make sure the other container isn't running or delete \(path)")
    }
  }
}
