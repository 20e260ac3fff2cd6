CREATE TABLE IF NOT EXISTS Exclusions (
    MRN varchar(64) NOT NULL,
    PlanID smallint unsigned NOT NULL,
    ExcludedAt_UTC datetime NOT NULL,
    Reason mediumtext NOT NULL,
    PRIMARY KEY (MRN, PlanID)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 /*M!100200 COLLATE=utf8mb4_nopad_bin */ /*!80017 COLLATE=utf8mb4_0900_bin */;
