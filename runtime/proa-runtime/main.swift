internal import Glibc
internal import LinuxKernel

exit(CommandLineTool.run(Array(CurrentProcess.arguments.dropFirst())))
