# note, line 4: left as it is: dotnet: it makes a host program, and chooses libraries, for the machine that it runs on; write FROM --platform=$BUILDPLATFORM and pass -a $TARGETARCH to dotnet restore and publish, which SDK 8 and later understand
FROM mcr.microsoft.com/dotnet/sdk:8.0 AS build
WORKDIR /src
COPY *.csproj .
RUN dotnet restore
COPY . .
RUN dotnet publish -c Release -o /app --no-restore

FROM mcr.microsoft.com/dotnet/aspnet:8.0
WORKDIR /app
COPY --from=build /app .
ENTRYPOINT ["dotnet", "app.dll"]
