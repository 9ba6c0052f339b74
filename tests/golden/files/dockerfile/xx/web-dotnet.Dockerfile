FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:8.0 AS build
WORKDIR /src
COPY *.csproj .
ARG TARGETARCH
RUN dotnet restore -a $TARGETARCH
COPY . .
RUN dotnet publish -a $TARGETARCH -c Release -o /app --no-restore
# The programs and libraries that leave this stage are for the target, or .NET's code for every machine.
RUN find -H /app -type f | while read -r f; do case $(od -An -v -tx1 -N4 "$f" | tr -d ' \n') in \
      7f454c46) at=18 n=2 ;; cffaedfe) at=4 n=4 ;; 4d5a*) at=$(($(od -An -tu4 -j60 -N4 "$f") + 4)) n=2; \
        [ $(od -An -v -tx1 -j$at -N2 "$f" | tr -d ' \n') != 4c01 ] || [ $(od -An -tu4 -j$((at + 228)) -N4 "$f") -eq 0 ] || continue ;; *) continue ;; esac; \
    case " 386=0300 386=4c01 amd64=07000001 amd64=3e00 amd64=6486 arm64=0c000001 arm64=64aa arm64=b700 arm=2800 arm=c401 loong64=0201 mips64=0008 mips64le=0800 mips=0008 mipsle=0800 ppc64=0015 ppc64le=1500 riscv64=f300 s390x=0016 386=357a amd64=1dfd arm64=1dd1 arm=bd7a " in \
      *" $TARGETARCH=$(od -An -v -tx1 -j$at -N$n "$f" | tr -d ' \n') "*) ;; \
      *) echo "$f is not for $TARGETARCH" >&2; exit 1 ;; esac; done

FROM mcr.microsoft.com/dotnet/aspnet:8.0
WORKDIR /app
COPY --from=build /app .
ENTRYPOINT ["dotnet", "app.dll"]
