import subprocess

subprocess.run(["go", "build", "-o", "app", "."], check=True)
