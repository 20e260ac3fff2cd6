CREATE TABLE IF NOT EXISTS Audit (
    AuditID bigint unsigned NOT NULL AUTO_INCREMENT,
    RecordedAt_UTC datetime NOT NULL,
    Who varchar(255) NOT NULL,
    Host varchar(255) NOT NULL,
    Version varchar(64) NOT NULL,
    Action varchar(64) NOT NULL,
    MRN varchar(64) NOT NULL,
    PlanID smallint unsigned NOT NULL,
    Reason mediumtext NOT NULL,
    PRIMARY KEY (AuditID)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 /*M!100200 COLLATE=utf8mb4_nopad_bin */ /*!80017 COLLATE=utf8mb4_0900_bin */;
