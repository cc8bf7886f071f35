# Partyline. `make` alone says what there is.

# A JDK 25: JAVA_HOME if it is one, else the newest found beside the installed ones.
JDK := $(shell for home in "$$JAVA_HOME" /usr/lib/jvm/*25* /opt/*jdk*25* /usr/java/*25* \
          "$$HOME"/.sdkman/candidates/java/25* "$$HOME"/.jdks/*25* /Library/Java/JavaVirtualMachines/*25*/Contents/Home; do \
          [ -x "$$home/bin/javac" ] && "$$home/bin/javac" -version 2>&1 | grep -q '^javac 25' && echo "$$home" && break; \
        done)
MVN := JAVA_HOME="$(JDK)" mvn -B -ntp
JAR := app/target/partyline.jar
VERSION := $(shell sed -n 's:.*<revision>\(.*\)</revision>.*:\1:p' pom.xml)
SOURCES := $(shell find app modules torture journey config db docs/guides examples pom.xml .mvn -not -path '*/target/*' -type f 2>/dev/null)

.DEFAULT_GOAL := help
KILLS ?= 5
SEED ?=

.PHONY: help run test check jar dist clean format matrix bench torture journey jdk

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: jar ## build and serve with the demo agent @echo; data in ./data, http://127.0.0.1:8080 (or PARTYLINE_HTTP_PORT=8090)
	@JAVA_HOME="$(JDK)" PARTYLINE_JAR="$(JAR)" exec ./config/partyline serve --demo

jar: jdk $(JAR) ## build app/target/partyline.jar
	@echo "$(JAR) is ready; run it with Java 25: $(JDK)/bin/java -jar $(JAR)"

# Written beside and moved into place: a server that runs from the old jar goes on reading that.
$(JAR): $(SOURCES)
	@echo "Building, about a minute; the first time Maven also fetches some 130 MB ..."
	@$(MVN) -q -DskipTests -Djar.name=partyline.jar.new package
	@mv -f $(JAR).new $(JAR)

dist: jar ## make a release in target/dist: an archive that needs no Java, the jar, and a package for Debian
	@./packaging/dist "$(VERSION)" "$(JDK)"

test: jdk ## every test that needs nothing but a JDK, Maven and make; some five minutes
	@echo "Testing, some five minutes; nothing is said while all is well ..."
	@$(MVN) -q verify || { ./.ci/failed-logs; exit 1; }

check: jdk ## format, lint, all tests (also those with curl, Python, OpenSSH, Chromium and Node), and runs on the module path
	$(MVN) -q spotless:check
	@$(MVN) -q verify -Dstory.excluded=none || { ./.ci/failed-logs; exit 1; }
	@./.ci/names
	@./.ci/lint-api
	JDK="$(JDK)" ./.ci/module-path
	@JAVA_HOME="$(JDK)" JDK="$(JDK)" ./.ci/without-a-driver
	@./.ci/alerts
	@JDK="$(JDK)" ./.ci/in-front
	@JDK="$(JDK)" ./.ci/mcp
	@JDK="$(JDK)" ./.ci/dist
	$(MAKE) --no-print-directory torture
	$(MAKE) --no-print-directory journey LISTS=counts

format: jdk ## rewrite the sources in the house format
	$(MVN) -q spotless:apply

matrix: jdk ## write what each line can do, as the drivers say it, into docs/lines/README.md
	@$(MVN) -q -pl app -am test -Dtest=LinesTableTest -Dsurefire.failIfNoSpecifiedTests=false -Dmatrix.write=true

bench: jar ## measure speed, memory and the start beside yardsticks, some minutes; writes bench/results.md
	@mkdir -p target/bench
	@"$(JDK)/bin/javac" -d target/bench -cp $(JAR) -sourcepath bench bench/Bench.java bench/Floor.java
	@"$(JDK)/bin/java" --enable-native-access=ALL-UNNAMED -cp target/bench:$(JAR) Bench $(PARTS)

torture: jar ## kill the server at random under load and judge what is left; KILLS=200 SEED=n for more
	@"$(JDK)/bin/java" -cp "torture/target/classes:$$(echo app/target/modules/jackson-*.jar | tr ' ' ':')" \
	  partyline.torture.Torture $(JAR) $(KILLS) $(SEED)

journey: jar ## follow a text, a command, a send and a receipt, and print the files of ours that each runs
	@"$(JDK)/bin/java" -cp "journey/target/classes:journey/target/lib/*" partyline.journey.Journeys $(JAR) $(LISTS)

clean: ## remove what was built
	rm -rf target app/target modules/*/target modules/drivers/*/target torture/target journey/target

jdk:
	@[ -n "$(JDK)" ] || { echo "Partyline needs a JDK 25. Install one (https://adoptium.net, or 'apt install temurin-25-jdk') and set JAVA_HOME to it."; exit 1; }
	@command -v mvn >/dev/null || { echo "Partyline is built with Maven 3.8 or newer. Install it ('apt install maven')."; exit 1; }
