package io.logfold.query;

import com.zaxxer.hikari.HikariDataSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.stereotype.Component;

/**
 * What MySQL's driver must be told to be fast, unless the URL says otherwise: many rows a
 * statement, and statements parsed once.
 */
@Component
class MySqlSettings implements BeanPostProcessor {

  private static final Map<String, String> SETTINGS =
      Map.of(
          "rewriteBatchedStatements", "true",
          "cachePrepStmts", "true",
          "prepStmtCacheSize", "100",
          "prepStmtCacheSqlLimit", "16384");

  @Override
  public Object postProcessBeforeInitialization(Object bean, String name) {
    if (bean instanceof HikariDataSource pool && isMySql(pool.getJdbcUrl())) {
      SETTINGS.forEach(
          (setting, value) -> {
            if (!pool.getJdbcUrl().contains(setting + "=")) {
              pool.addDataSourceProperty(setting, value);
            }
          });
    }
    return bean;
  }

  private static boolean isMySql(@Nullable String url) {
    return url != null && url.startsWith("jdbc:mysql:");
  }
}
