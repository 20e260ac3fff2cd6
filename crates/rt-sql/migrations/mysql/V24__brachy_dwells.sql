CREATE TABLE IF NOT EXISTS BrachyDwells (
    MRN varchar(64) NOT NULL,
    PlanID smallint unsigned NOT NULL,
    Number int NOT NULL,
    SetupNumber int NOT NULL,
    ChannelNumber int NOT NULL,
    Dwell int NOT NULL,
    Position_mm double,
    X_mm double,
    Y_mm double,
    Z_mm double,
    Time_s double,
    PRIMARY KEY (MRN, PlanID, Number),
    FOREIGN KEY (MRN, PlanID) REFERENCES Imports (MRN, PlanID)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 /*M!100200 COLLATE=utf8mb4_nopad_bin */ /*!80017 COLLATE=utf8mb4_0900_bin */;
