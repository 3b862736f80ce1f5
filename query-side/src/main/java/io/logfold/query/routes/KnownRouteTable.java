package io.logfold.query.routes;

import static io.logfold.query.routes.ManyRows.repeated;

import io.logfold.query.fold.CarryOver;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** The rows of {@code route_known}: which routes have a name of their own. */
@Component
class KnownRouteTable {

  private static final String ADD =
      "INSERT INTO route_known (part, generation, source, route) VALUES ";

  /** A route that is there already stays there. */
  private static final String AGAIN = " ON DUPLICATE KEY UPDATE route = VALUES(route)";

  private static final String OF_SOURCE =
      "SELECT route FROM route_known WHERE part = ? AND generation = ? AND source = ?";

  private static final String CARRY_OVER =
      """
      INSERT INTO route_known (part, generation, source, route)
      SELECT part, ?, source, route
        FROM route_known older
       WHERE generation = ? AND part = ?
         AND NOT EXISTS (SELECT 1 FROM route_known newer
                          WHERE newer.part = older.part AND newer.generation = ?
                            AND newer.source = older.source AND newer.route = older.route)
      """;

  private static final String CLEAR = "DELETE FROM route_known WHERE generation = ? LIMIT 10000";

  private final JdbcTemplate jdbc;

  KnownRouteTable(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** A route that got a name. */
  record Known(int part, String source, String route) {}

  List<String> routes(int generation, int part, String source) {
    return jdbc.queryForList(OF_SOURCE, String.class, part, generation, source);
  }

  void add(int generation, List<Known> routes) {
    ManyRows.inSlices(
        routes,
        slice ->
            jdbc.update(
                ADD + repeated("(?,?,?,?)", slice.size(), ",") + AGAIN,
                ManyRows.values(
                    slice,
                    known -> List.of(known.part(), generation, known.source(), known.route()))));
  }

  /** Names that carried rows bear stay names. */
  void carryOver(CarryOver lost) {
    jdbc.update(CARRY_OVER, lost.to(), lost.from(), lost.part(), lost.to());
  }

  void clear(int generation) {
    while (jdbc.update(CLEAR, generation) > 0) {
      // Chunk by chunk: one huge delete would hold every row's lock and undo at once.
    }
  }
}
