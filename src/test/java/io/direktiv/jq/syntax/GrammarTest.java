package io.direktiv.jq.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/// Holds the parser's tables to the grammar they were made of. After a change of `grammar.txt` run
/// [TableMaker#main] to write them anew.
class GrammarTest {
  @Test
  void makesTheParsersTablesOfTheGrammar() throws IOException {
    TableMaker maker = new TableMaker();

    String tables = maker.make();

    assertThat(maker.conflicts()).as("jq's grammar leaves one way everywhere").isEmpty();
    assertThat(tables).isEqualTo(TableMaker.made());
  }
}
