CREATE TABLE IF NOT EXISTS Moves (
    MRN varchar(64) NOT NULL,
    PlanID smallint unsigned NOT NULL,
    ToMRN varchar(64) NOT NULL,
    ToPlanID smallint unsigned NOT NULL,
    PRIMARY KEY (MRN, PlanID)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 /*M!100200 COLLATE=utf8mb4_nopad_bin */ /*!80017 COLLATE=utf8mb4_0900_bin */;
