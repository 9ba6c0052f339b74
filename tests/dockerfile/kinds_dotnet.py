"""Kinds of Dockerfiles with .NET."""

from __future__ import annotations

from tests.dockerfile.faults import Fault

SDK = "FROM mcr.microsoft.com/dotnet/sdk:8.0 AS build\nWORKDIR /src\n"
ALL = SDK + "COPY . .\n"
PUBLISH = "RUN dotnet publish app.csproj -c Release -o /app\n"
IMAGE = "FROM mcr.microsoft.com/dotnet/aspnet:8.0\nCOPY --from=build /app /app\n"
TOLD = "RUN dotnet publish -a $TARGETARCH app.csproj -c Release -o /app\n"


def project(*lines: str, framework: str = "net8.0") -> str:
    inner = "".join(f"    {line}\n" for line in lines)
    return (
        f"<Project>\n  <PropertyGroup>\n    <TargetFramework>{framework}</TargetFramework>\n"
        f"{inner}  </PropertyGroup>\n</Project>\n"
    )


PLAIN = {"app.csproj": project()}

FAULTS = {
    "restore, build and publish": Fault(
        SDK
        + 'COPY ["src/app.csproj", "src/"]\nRUN dotnet restore "src/app.csproj"\nCOPY . .\n'
        + 'WORKDIR /src/src\nRUN dotnet build "app.csproj" -c Release -o /built\n'
        + "FROM build AS publish\nRUN dotnet publish app.csproj --no-restore -o /app\n"
        + IMAGE.replace("=build", "=publish"),
        (
            "FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:8.0 AS build\n",
            'ARG TARGETARCH\nRUN dotnet restore -a $TARGETARCH "src/app.csproj"\n',
            'RUN dotnet build -a $TARGETARCH "app.csproj" -c Release -o /built\n',
            "RUN dotnet publish -a $TARGETARCH app.csproj --no-restore -o /app\n",
            "RUN find -H /app -type f ",
        ),
        ("--from=xx", "xx-verify"),
        files={"src/app.csproj": project()},
    ),
    "in the folder of the project, found by a pattern": Fault(
        SDK + "COPY *.csproj ./\nRUN dotnet restore\nCOPY . .\nRUN dotnet publish -o /app\n" + IMAGE,
        ("RUN dotnet restore -a $TARGETARCH\n", "RUN dotnet publish -a $TARGETARCH -o /app\n"),
        files=PLAIN,
    ),
    "Alpine in both images": Fault(
        ALL.replace("8.0 ", "9.0-alpine ") + PUBLISH + IMAGE.replace("8.0\n", "9.0-alpine\n"),
        (TOLD,),
        files={"app.csproj": project(framework="net9.0")},
    ),
    "an SDK whose version ARG has": Fault(
        "ARG V=10.0\n" + ALL.replace("8.0", "${V}") + PUBLISH + IMAGE, (TOLD,), files=PLAIN
    ),
    "told already, in a stage of the target": Fault(
        ALL + "ARG TARGETARCH\n" + TOLD + IMAGE,
        ("FROM --platform=$BUILDPLATFORM mcr", TOLD, "RUN find -H /app "),
        files=PLAIN,
    ),
    "a solution that is restored, and a project that is published": Fault(
        ALL + "RUN dotnet restore all.sln\n" + PUBLISH + IMAGE,
        ("RUN dotnet restore all.sln\n", TOLD),
        files=PLAIN | {"all.sln": ""},
    ),
    "a solution on which a publish relies": Fault(
        ALL + "RUN dotnet restore all.sln\n" + PUBLISH.replace("-c", "--no-restore -c") + IMAGE,
        left=(4, "a solution is built for no single architecture; name the project file"),
        files=PLAIN | {"all.sln": ""},
    ),
    "a solution that is published": Fault(
        ALL + "RUN dotnet publish -o /app\n" + IMAGE,
        left=(4, "a solution is built for no single architecture"),
        files=PLAIN | {"all.sln": ""},
    ),
    "Alpine in one image": Fault(
        ALL + PUBLISH + IMAGE.replace("8.0\n", "8.0-alpine\n"),
        left=(4, "and mcr.microsoft.com/dotnet/aspnet:8.0-alpine has another"),
        files=PLAIN,
    ),
    "Alpine in the image of the SDK": Fault(
        ALL.replace("8.0 ", "8.0-alpine ") + PUBLISH + IMAGE,
        left=(4, "and mcr.microsoft.com/dotnet/aspnet:8.0 has another"),
        files=PLAIN,
    ),
    "an SDK before names": Fault(
        ALL.replace("8.0", "7.0") + PUBLISH + IMAGE,
        left=(4, "the SDK of .NET 7 does not know BuildKit's names of architectures"),
        files=PLAIN,
    ),
    "an SDK in another image": Fault(
        ALL.replace("mcr.microsoft.com/dotnet/sdk:8.0", "ubuntu:24.04") + PUBLISH + IMAGE,
        left=(4, "which SDK of .NET ubuntu:24.04 has is not known"),
        files=PLAIN,
    ),
    "a framework before": Fault(
        ALL + PUBLISH + IMAGE,
        left=(4, "app.csproj is for net6.0, for which -a adds a whole runtime"),
        files={"app.csproj": project(framework="net6.0")},
    ),
    "native code in the project": Fault(
        ALL + PUBLISH + IMAGE,
        left=(4, "app.csproj has <publishaot>true</publishaot>, which a linker of the build"),
        files={"app.csproj": project("<PublishAot>true</PublishAot>")},
    ),
    "native code above the project": Fault(
        ALL + PUBLISH + IMAGE,
        left=(4, "Directory.Build.props has <publishaot condition="),
        files=PLAIN
        | {"Directory.Build.props": "<PublishAot Condition=\"'$(A)' == '1'\">true</PublishAot>\n"},
    ),
    "native code on the command line": Fault(
        ALL + PUBLISH.replace("-c", "-p:PublishAot=true -c") + IMAGE,
        left=(4, "this command has -p:publishaot=true"),
        files=PLAIN,
    ),
    "native code that is turned off": Fault(
        ALL + PUBLISH + IMAGE,
        (TOLD,),
        files={"app.csproj": project("<PublishAot>false</PublishAot>")},
    ),
    "a constant target": Fault(
        ALL + PUBLISH.replace("-c", "-r linux-x64 -c") + IMAGE,
        left=(4, "-r linux-x64 is for one machine, whatever the build is for"),
        files=PLAIN,
    ),
    "a constant architecture, joined": Fault(
        ALL + PUBLISH.replace("-c", "--arch=x64 -c") + IMAGE,
        left=(4, "--arch x64 is for one machine"),
        files=PLAIN,
    ),
    "a constant target as a property": Fault(
        ALL + PUBLISH.replace("-c", "/p:RuntimeIdentifier=linux-x64 -c") + IMAGE,
        left=(4, "this command has /p:runtimeidentifier=linux-x64"),
        files=PLAIN,
    ),
    "a project that runs programs": Fault(
        ALL + PUBLISH + IMAGE,
        left=(4, 'app.csproj has <exec command="nswag run" />, which xxpy does not read'),
        files={"app.csproj": project('<Exec Command="nswag run" />')},
    ),
    "a project that is not there": Fault(
        SDK + "RUN git clone https://example.com/app . \n" + PUBLISH + IMAGE,
        left=(4, "its project file is not beside the Dockerfile"),
    ),
    "tests": Fault(
        ALL + "RUN dotnet test\n" + PUBLISH + IMAGE,
        left=(4, "dotnet: it runs a program or tests"),
        files=PLAIN,
    ),
    "behind a script": Fault(
        ALL + "RUN ./build.sh\n" + IMAGE,
        left=(4, "build.sh:1 calls dotnet, and how that is told the target is not known"),
        files=PLAIN | {"build.sh": "dotnet publish app.csproj -o /app\n"},
    ),
}  # fmt: skip
"""By what is the matter."""
